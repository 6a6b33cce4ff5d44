import type { IncomingMessage, ServerResponse } from "node:http";
import { constants, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";

/** A request over HTTP/1.1 or HTTP/2. */
export type HttpRequest = IncomingMessage | Http2ServerRequest;

/** The response to it. */
export type HttpResponse = ServerResponse | Http2ServerResponse;

/** Sends status and headers at once, ahead of any body. */
export function sendHead(response: HttpResponse, status: number, headers: Record<string, string>): void {
  if ("stream" in response) {
    response.writeHead(status, headers);
  } else {
    response.writeHead(status, headers);
    response.flushHeaders();
  }
}

/** Whether the client is still there and the response has not ended. */
export function isOpen(response: HttpResponse): boolean {
  if ("stream" in response) return !response.stream.destroyed && !response.stream.closed && !response.writableEnded;
  return !response.destroyed && !response.writableEnded;
}

/** Ends a call without an answer: its stream over HTTP/2, its connection over HTTP/1.1. */
export function cut(response: HttpResponse): void {
  if ("stream" in response) response.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  else response.destroy();
}
