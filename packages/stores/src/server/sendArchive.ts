import { openAsBlob } from "node:fs";
import type { StoredFile } from "./inboxArchives.ts";

/** The bytes of an archive, or those from a byte on, as `Range` and `If-Range` ask. */
export async function sendArchive(request: Request, { path, size, modifiedAtMs }: StoredFile): Promise<Response> {
  const tag = `"${size.toString(36)}-${Math.round(modifiedAtMs).toString(36)}"`;
  const headers = { "Content-Type": "application/octet-stream", "Accept-Ranges": "bytes", ETag: tag };
  const [, first] = /^bytes=(\d+)-$/.exec(request.headers.get("range") ?? "") ?? [];
  const isSame = (request.headers.get("if-range") ?? tag) === tag;
  const archive = await openAsBlob(path);
  if (first === undefined || !isSame) return new Response(archive, { headers: { ...headers, "Content-Length": String(size) } });
  const start = Number(first);
  if (start >= size) return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${size}` } });
  const range = { "Content-Length": String(size - start), "Content-Range": `bytes ${start}-${size - 1}/${size}` };
  return new Response(archive.slice(start), { status: 206, headers: { ...headers, ...range } });
}
