import { maxDocumentBytes } from "@xmtp-backup/core";
import type { InboxArchives } from "./inboxArchives.ts";
import { versionOf } from "../transport/entityTags.ts";
import { readBody } from "./readBody.ts";

const statuses = { done: 204, conflict: 412, full: 507 } as const;

/** Reads a document, or replaces the one that `If-Match` or `If-None-Match: *` names, and no other. */
export async function answerDocument(request: Request, archives: InboxArchives, name: string): Promise<Response> {
  if (request.method === "GET") {
    const document = await archives.getDocument(name);
    if (!document) return new Response(null, { status: 404 });
    return new Response(new Uint8Array(document.bytes), {
      headers: { "Content-Type": "application/octet-stream", ETag: `"${document.revision}"` },
    });
  }
  if (request.method !== "PUT") return new Response(null, { status: 405 });
  const [match, noneMatch] = [request.headers.get("if-match"), request.headers.get("if-none-match")];
  if (match === null && noneMatch !== "*") return new Response(null, { status: 428 });
  const bytes = await readBody(request, maxDocumentBytes);
  if (!bytes) return new Response(null, { status: 413 });
  return new Response(null, { status: statuses[await archives.putDocument(name, bytes, match === null ? undefined : revisionOf(match))] });
}

/** The revision that a tag names; one that is none of this server's names no document. A proxy that compresses may have changed it. */
function revisionOf(tag: string): string {
  return /^[0-9a-f]{64}$/.exec(versionOf(tag))?.[0] ?? "";
}
