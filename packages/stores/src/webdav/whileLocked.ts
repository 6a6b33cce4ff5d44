import type { CallOptions } from "@xmtp-backup/core";
import { readXml, wordAt } from "../xml/xml.ts";
import { TransientFailure } from "../transport/transientFailure.ts";
import type { Transport } from "../transport/transport.ts";
import { davNamespace } from "./readMultistatus.ts";

const lockInfo = `<?xml version="1.0" encoding="utf-8"?><lockinfo xmlns="DAV:"><lockscope><exclusive/></lockscope><locktype><write/></locktype><owner>xmtp-backup</owner></lockinfo>`;
const maxAnswerBytes = 64 * 1024;
/** A lock whose holder was killed ends after so long. */
const lockSeconds = 30;
/** What servers without locks answer, or those that lock nothing for this user. */
const noLocks = [400, 403, 404, 405, 410, 411, 412, 415, 422, 501];

/**
 * Does work while nobody else may change a file, and gives the work the header that lets it write. Says whether the server has locks: the
 * work begins only with them.
 *
 * Source: RFC 4918, sections 6, 9.10 and 10.4.
 */
export async function whileLocked(
  transport: Transport,
  url: string,
  { signal }: CallOptions,
  failure: string,
  work: (held: Record<string, string>) => Promise<void>,
): Promise<boolean> {
  const headers = { Depth: "0", Timeout: `Second-${lockSeconds}`, "Content-Type": "application/xml" };
  let isNew = false;
  const ask = () =>
    transport.exchange({ method: "LOCK", url, headers, body: lockInfo, signal, failure, expects: noLocks }, async (reading) => {
      if (!reading.response.ok) return undefined;
      isNew = reading.response.status === 201;
      // A page sees the header only where CORS exposes it.
      return (
        tokenIn(reading.response.headers.get("lock-token")) ??
        wordAt(
          await readXml(reading, maxAnswerBytes, "prop", { namespace: davNamespace }),
          "lockdiscovery",
          "activelock",
          "locktoken",
          "href",
        )
      );
    });
  const token = await transport.retrying(() => ask().catch(noneInPage), { signal });
  if (token === undefined || !/^[\x21-\x3b\x3d\x3f-\x7e]+$/.test(token)) return false;
  const held = { If: `(<${token}>)` };
  try {
    // The file was removed meanwhile, and the lock has made an empty one.
    if (isNew) await transport.send({ method: "DELETE", url, headers: held, signal, failure, expects: [404] }, async () => {});
    await work(held);
  } finally {
    await transport
      .exchange({ method: "UNLOCK", url, headers: { "Lock-Token": `<${token}>` }, failure }, async () => {})
      .catch(() => undefined);
  }
  return true;
}

/** A server that lets pages in, but not with LOCK, looks like a connection that failed. */
function noneInPage(error: unknown): undefined {
  if (error instanceof TransientFailure && error.status === undefined && !("process" in globalThis)) return undefined;
  throw error;
}

function tokenIn(header: string | null): string | undefined {
  return /<([^<>\s]+)>/.exec(header ?? "")?.[1];
}
