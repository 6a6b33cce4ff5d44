import type { UniversalServerResponse } from "@connectrpc/connect/protocol";

import { type HttpResponse, isOpen, sendHead } from "../http/messages.ts";

/** Writes what a handler answers, as fast as the client reads, and stops when the client goes away. */
export async function writeResponse(answer: UniversalServerResponse, response: HttpResponse): Promise<void> {
  const { status, header, body, trailer } = answer;
  if (!response.headersSent) sendHead(response, status, Object.fromEntries(header ?? []));
  for await (const chunk of body ?? []) {
    if (!isOpen(response)) return;
    if (!writeChunk(response, chunk)) await drained(response);
  }
  if (!isOpen(response)) return;
  if (trailer) response.addTrailers(Object.fromEntries(trailer));
  response.end();
}

/** The two kinds of response declare `write` differently and mean the same. */
function writeChunk(response: HttpResponse, chunk: Uint8Array): boolean {
  return "stream" in response ? response.write(chunk) : response.write(chunk);
}

/** Settles when more can be written, or nothing more can. */
function drained(response: HttpResponse): Promise<void> {
  return new Promise((resolve) => {
    function done(): void {
      response.off("drain", done);
      response.off("close", done);
      resolve();
    }
    response.on("drain", done);
    response.on("close", done);
    if (!isOpen(response)) done();
  });
}
