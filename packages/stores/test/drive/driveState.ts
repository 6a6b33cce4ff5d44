import type { IncomingMessage, ServerResponse } from "node:http";

export type StoredFile = { id: string; name: string; createdTime: string; modifiedTime: string; bytes: Buffer };

export type DriveState = {
  files: Map<string, StoredFile>;
  /** Ids that were made beforehand. */
  ids: Set<string>;
  limitBytes: number | undefined;
  tokens: Set<string>;
  /** A millisecond later at each change. */
  clock: number;
  /** How many files each page of a list had. */
  pageSizes: number[];
};

export function timeNow(state: DriveState): string {
  state.clock += 1;
  return new Date(state.clock).toISOString();
}

export function answer(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json; charset=UTF-8", ...headers }).end(JSON.stringify(body));
}

/** An error as Drive words it. */
export function refuse(response: ServerResponse, code: number, reason: string): void {
  answer(response, code, {
    error: { code, message: "secret of the server", errors: [{ domain: "global", reason, message: "secret of the server" }] },
  });
}

/** The query, each parameter of which must be known and look as the reference says. */
export function params(address: URL, known: Record<string, RegExp>): Record<string, string> {
  for (const [name, value] of address.searchParams) if (!known[name]?.test(value)) throw new Error(`Drive knows no ${name}=${value} here.`);
  return Object.fromEntries(address.searchParams);
}

export async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
