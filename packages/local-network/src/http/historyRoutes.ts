import type { Files } from "../store/createFiles.ts";
import type { HttpRequest, HttpResponse } from "./messages.ts";

/** The largest file that is accepted, in bytes. */
export const maxFileBytes = 256 * 1024 * 1024;

/** An answer of plain HTTP. */
export type HttpAnswer = { status: number; body: string | Uint8Array };

/** Answers `POST /upload`: keeps the body, the answer is its id as text. */
export async function receiveFile(files: Files, request: HttpRequest): Promise<HttpAnswer> {
  const tooLarge = { status: 413, body: `a file may have up to ${maxFileBytes} bytes` };
  if (Number(request.headers["content-length"]) > maxFileBytes) return tooLarge;
  const chunks: Buffer[] = [];
  let totalBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    totalBytes += chunk.length;
    if (totalBytes > maxFileBytes) return tooLarge;
    chunks.push(chunk);
  }
  return { status: 200, body: files.put(Buffer.concat(chunks)) };
}

/** Answers `GET /files/<id>`: the file, or 404. */
export function sendFile(files: Files, id: string): HttpAnswer {
  const body = files.get(id);
  return body ? { status: 200, body } : { status: 404, body: "no such file" };
}

/** Ends a response with that answer. */
export function writeAnswer(response: HttpResponse, { status, body }: HttpAnswer): void {
  response.statusCode = status;
  const contentType = typeof body === "string" ? "text/plain; charset=utf-8" : "application/octet-stream";
  response.setHeader("content-type", contentType);
  response.setHeader("content-length", Buffer.byteLength(body));
  response.end(body);
}
