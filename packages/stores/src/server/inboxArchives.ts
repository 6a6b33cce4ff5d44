import { createHash } from "node:crypto";
import { readdir, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { type ArchiveId } from "@xmtp-backup/core";
import { type ListPage, pageLimits, type UnfinishedPage } from "../http/protocol.ts";
import { createTurns } from "../createTurns.ts";
import { archiveName, isArchiveId, manifestName, parseName } from "../layout.ts";
import { ifMissing, readIfThere, renameDurably, sizeOf, writeWhole } from "./files.ts";
import { createSpace } from "./space.ts";
import { noteEnding, partialEnding, uploadName } from "./uploadNames.ts";

/** A file that lies there whole. */
export type StoredFile = { path: string; size: number; modifiedAtMs: number };

/** What became of a change. */
export type Outcome = "done" | "conflict" | "full";

/** What one inbox keeps, in a folder that `fileStore` reads too; its changes come one by one. */
export type InboxArchives = ReturnType<typeof inboxArchives>;

export function inboxArchives(folder: string, quotaBytes: number) {
  const turns = createTurns();
  const inTurn = <T>(change: () => Promise<T>) => turns(folder, change);
  const space = createSpace(quotaBytes, countBytes);
  const pathOf = (name: string) => join(folder, name);

  const names = async () => (await readdir(folder).catch(ifMissing)) ?? [];
  const isListed = async (id: ArchiveId) => (await sizeOf(pathOf(manifestName(id)))) !== undefined;

  /** What a file takes; an upload takes its whole size from its beginning. */
  async function weigh(name: string): Promise<number> {
    if (name.endsWith(noteEnding)) return 0;
    const size = (await sizeOf(pathOf(name))) ?? 0;
    return name.endsWith(partialEnding) ? Math.max(size, (await announcedSize(name)) ?? 0) : size;
  }

  async function countBytes(): Promise<number> {
    let total = 0;
    for (const name of await names()) total += await weigh(name);
    return total;
  }

  async function announcedSize(upload: string): Promise<number | undefined> {
    const note = await readIfThere(pathOf(`${upload}.json`));
    return note && (JSON.parse(note.toString()) as { size?: number }).size;
  }

  /** The bytes of an archive once all of them are there. */
  async function find(id: ArchiveId): Promise<StoredFile | undefined> {
    const path = pathOf(archiveName(id));
    const file = await stat(path).catch(ifMissing);
    return file && { path, size: file.size, modifiedAtMs: file.mtimeMs };
  }

  async function discard(files: readonly string[]): Promise<void> {
    // An upload is weighed while its note is there.
    const weights = await Promise.all(files.map(weigh));
    for (const name of files) await unlink(pathOf(name)).catch(ifMissing);
    await space.take(-weights.reduce((sum, bytes) => sum + bytes, 0));
  }

  async function partsOf(id: ArchiveId): Promise<string[]> {
    return (await names()).filter((name) => name.startsWith(`${id}.`) && (name.endsWith(partialEnding) || name.endsWith(noteEnding)));
  }

  /** Takes what lies there of an archive, the manifest first. */
  async function clear(id: ArchiveId): Promise<void> {
    await discard([manifestName(id), archiveName(id), ...(await partsOf(id))]);
  }

  async function putManifest(id: ArchiveId, manifest: Uint8Array): Promise<Outcome> {
    if (!(await find(id))) return "conflict";
    const outcome = await replace(manifestName(id), manifest);
    if (outcome === "done") await discard(await partsOf(id));
    return outcome;
  }

  /** Replaces a small file, within the quota. */
  async function replace(name: string, bytes: Uint8Array): Promise<Outcome> {
    const more = bytes.length - (await weigh(name));
    if (!(await space.take(more))) return "full";
    await writeWhole(pathOf(name), bytes);
    return "done";
  }

  /** Makes room for an upload that begins, in place of what lies there of an archive that is not listed. */
  async function reserve(id: ArchiveId, size: number): Promise<Outcome> {
    if (await isListed(id)) return "conflict";
    await clear(id);
    return (await space.take(size)) ? "done" : "full";
  }

  /** Makes an archive of an upload that has all its bytes; one that it has become already is done. */
  async function finish(id: ArchiveId, fingerprint: string): Promise<Outcome> {
    if (await isListed(id)) return "conflict";
    const [upload, archive] = [uploadName(id, fingerprint), archiveName(id)];
    const [announced, part, whole] = await Promise.all([announcedSize(upload), sizeOf(pathOf(upload)), sizeOf(pathOf(archive))]);
    if (announced === undefined || (part ?? whole) !== announced) return "conflict";
    if (part !== undefined) await renameDurably(pathOf(upload), pathOf(archive));
    return "done";
  }

  /** The size of the archive that an upload has become; one that was whole when the process died becomes it now. */
  async function finishedSize(id: ArchiveId, fingerprint: string): Promise<number | undefined> {
    return (await finish(id, fingerprint)) === "done" ? sizeOf(pathOf(archiveName(id))) : undefined;
  }

  async function getDocument(name: string) {
    const bytes = await readIfThere(pathOf(`${name}.json`));
    return bytes && { bytes, revision: createHash("sha256").update(bytes).digest("hex") };
  }

  async function putDocument(name: string, bytes: Uint8Array, replaces: string | undefined): Promise<Outcome> {
    if ((await getDocument(name))?.revision !== replaces) return "conflict";
    return replace(`${name}.json`, bytes);
  }

  async function list(after: string): Promise<ListPage> {
    const manifests = (await names()).map(parseName).filter((name) => name?.kind === "manifest");
    const rest = manifests.flatMap((name) => (name && name.id > after ? [name.id] : [])).sort();
    const archives: ListPage["archives"] = [];
    let bytes = 0;
    for (const id of rest) {
      if (archives.length === pageLimits.entries || bytes >= pageLimits.bytes) return { archives, next: archives.at(-1)?.id ?? "" };
      const manifest = await readIfThere(pathOf(manifestName(id)));
      if (!manifest) continue;
      archives.push({ id, manifest: manifest.toString("base64") });
      bytes += manifest.length;
    }
    return { archives };
  }

  async function unfinished(after: string): Promise<UnfinishedPage> {
    const present = new Set(await names());
    const files = new Map<ArchiveId, string>();
    for (const name of present) {
      const id = name.slice(0, 36);
      if (!isArchiveId(id) || id <= after || present.has(manifestName(id))) continue;
      if (name === archiveName(id) || name.endsWith(partialEnding)) files.set(id, name);
    }
    const rest = [...files.keys()].sort();
    const archives: UnfinishedPage["archives"] = [];
    for (const id of rest.slice(0, pageLimits.entries)) {
      const file = await stat(pathOf(files.get(id) ?? id)).catch(ifMissing);
      if (file) archives.push({ id, modifiedAtMs: file.mtimeMs });
    }
    const last = rest[pageLimits.entries - 1];
    return { archives, ...(rest.length > pageLimits.entries && last && { next: last }) };
  }

  return {
    find,
    list,
    unfinished,
    getDocument,
    usedBytes: () => inTurn(async () => Math.min(await space.usedBytes(), quotaBytes)),
    remove: (id: ArchiveId) => inTurn(() => clear(id)),
    putManifest: (id: ArchiveId, manifest: Uint8Array) => inTurn(() => putManifest(id, manifest)),
    putDocument: (name: string, bytes: Uint8Array, replaces: string | undefined) => inTurn(() => putDocument(name, bytes, replaces)),
    reserve: (id: ArchiveId, size: number) => inTurn(() => reserve(id, size)),
    finish: (id: ArchiveId, fingerprint: string) => inTurn(() => finish(id, fingerprint)),
    finishedSize: (id: ArchiveId, fingerprint: string) => inTurn(() => finishedSize(id, fingerprint)),
  };
}
