import { once } from "node:events";
import { createServer as createHttp1Server } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { type AddressInfo, createServer, type Socket } from "node:net";

import { detectProtocol } from "./detectProtocol.ts";
import type { HttpRequest, HttpResponse } from "./messages.ts";

const host = "127.0.0.1";

/** Nothing that one process sends itself should look like an attack. */
const http2Limits = { maxSessionMemory: 1024, streamResetBurst: 1e6, streamResetRate: 1e6 };

/** A port of the loopback interface that is listened on. */
export type OpenPort = {
  port: number;
  /** `http://127.0.0.1:<port>` */
  url: string;
  /** While offline, every connection is cut. */
  setOffline(isOffline: boolean): void;
  /** Stops listening and cuts every connection. */
  close(): Promise<void>;
};

/**
 * Serves HTTP/1.1 and cleartext HTTP/2 on one port of the loopback interface.
 *
 * @throws EADDRINUSE when the port is taken.
 */
export async function listenOnLoopback(port: number, onRequest: (request: HttpRequest, response: HttpResponse) => void): Promise<OpenPort> {
  const servers = { http1: createHttp1Server(onRequest), http2: createHttp2Server(http2Limits, onRequest) };
  const sockets = new Set<Socket>();
  let offline = false;

  const listener = createServer((socket) => {
    if (offline) return void socket.destroy();
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.setNoDelay(true);
    detectProtocol(socket, (protocol) => servers[protocol].emit("connection", socket));
  });

  function cutAll(): void {
    for (const socket of sockets) socket.destroy();
  }

  listener.listen(port, host);
  await once(listener, "listening");
  const bound = (listener.address() as AddressInfo).port;

  return {
    port: bound,
    url: `http://${host}:${bound}`,
    setOffline(isOffline) {
      offline = isOffline;
      if (isOffline) cutAll();
    },
    async close() {
      const closed = once(listener, "close");
      listener.close();
      cutAll();
      await closed;
    },
  };
}
