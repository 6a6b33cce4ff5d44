import { type ArchiveId } from "@xmtp-backup/core";
import { type ListPage, maxManifestBytes, pageLimits, type UnfinishedPage } from "../http/protocol.ts";
import { archiveName, isArchiveId, manifestName, parseName } from "../layout.ts";
import { fileAt, readIfThere, TooLong } from "./files.ts";
import type { InboxFolder } from "./inboxFolder.ts";
import { noteEnding, partialEnding } from "./uploadNames.ts";

/** The listed archives that come after an id, a page of them. */
export async function listPage({ names, pathOf }: InboxFolder, after: string): Promise<ListPage> {
  const manifests = (await names()).map(parseName).filter((name) => name?.kind === "manifest");
  const rest = manifests.flatMap((name) => (name && name.id > after ? [name.id] : [])).sort();
  const archives: ListPage["archives"] = [];
  let bytes = 0;
  for (const id of rest) {
    if (archives.length === pageLimits.entries || bytes >= pageLimits.bytes) return { archives, next: archives.at(-1)?.id ?? "" };
    const manifest = await readIfThere(pathOf(manifestName(id)), maxManifestBytes).catch(ifTooLong);
    if (!manifest) continue;
    archives.push({ id, manifest: manifest.toString("base64") });
    bytes += manifest.length;
  }
  return { archives };
}

/** What lies there of archives without a manifest, after an id, a page of them; the latest change of its files counts. */
export async function unfinishedPage({ names, pathOf }: InboxFolder, after: string): Promise<UnfinishedPage> {
  const present = new Set(await names());
  const files = new Map<ArchiveId, string[]>();
  for (const name of present) {
    const id = name.slice(0, 36);
    if (!isArchiveId(id) || id <= after || present.has(manifestName(id))) continue;
    if (name === archiveName(id) || isOfUpload(name)) files.set(id, [...(files.get(id) ?? []), name]);
  }
  const rest = [...files.keys()].sort();
  const archives: UnfinishedPage["archives"] = [];
  for (const id of rest.slice(0, pageLimits.entries)) {
    const found = await Promise.all((files.get(id) ?? []).map((name) => fileAt(pathOf(name))));
    const times = found.flatMap((file) => (file ? [file.mtimeMs] : []));
    if (times.length > 0) archives.push({ id, modifiedAtMs: Math.max(...times) });
  }
  const last = rest[pageLimits.entries - 1];
  return { archives, ...(rest.length > pageLimits.entries && last && { next: last }) };
}

/** Whether a file is an upload's, or a note beside it, or one that was never written to its end. */
export function isOfUpload(name: string): boolean {
  return name.endsWith(partialEnding) || name.endsWith(noteEnding);
}

/** An archive that nobody could have stored here is listed as unreadable. Else it would keep the others from being listed. */
function ifTooLong(error: unknown): Buffer {
  if (!(error instanceof TooLong)) throw error;
  return Buffer.alloc(0);
}
