import type { Socket } from "node:net";

/** The protocol of a connection. */
export type Protocol = "http1" | "http2";

/** What every HTTP/2 connection begins with, and no HTTP/1.1 request does. */
const http2Preface = Buffer.from("PRI");

/** Waits for a connection's first bytes and tells its protocol, with the bytes still there to be read. */
export function detectProtocol(socket: Socket, onProtocol: (protocol: Protocol) => void): void {
  let first = Buffer.alloc(0);

  function onReadable(): void {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    first = Buffer.concat([first, chunk]);
    const protocol = protocolOf(first);
    if (protocol === undefined) return;
    socket.off("readable", onReadable);
    socket.unshift(first);
    onProtocol(protocol);
  }

  socket.on("readable", onReadable);
}

/** The protocol that those first bytes belong to; undefined if they are too few to tell. */
export function protocolOf(first: Uint8Array): Protocol | undefined {
  const length = Math.min(first.length, http2Preface.length);
  if (!http2Preface.subarray(0, length).equals(first.subarray(0, length))) return "http1";
  return length === http2Preface.length ? "http2" : undefined;
}
