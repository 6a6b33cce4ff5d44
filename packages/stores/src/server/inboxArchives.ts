import { createHash } from "node:crypto";
import { type ArchiveId, createTurns } from "@xmtp-backup/core";
import { maxDocumentBytes } from "../http/protocol.ts";
import { archiveName, manifestName } from "../layout.ts";
import { isOfUpload, listPage, unfinishedPage } from "./archiveLists.ts";
import { fileAt, readIfThere, renameDurably, sizeOf } from "./files.ts";
import { inboxFolder } from "./inboxFolder.ts";
import type { Weight } from "./space.ts";
import { noteName, partialEnding, uploadName } from "./uploadNames.ts";
import { readNote } from "./uploadNote.ts";

/** A file that lies there whole. */
export type StoredFile = { path: string; size: number; modifiedAtMs: number };

/** What became of a change. */
export type Outcome = "done" | "conflict" | "full";

/** What one inbox keeps, in a folder that `fileStore` reads too; its changes come one by one. */
export type InboxArchives = ReturnType<typeof inboxArchives>;

export function inboxArchives(path: string, limits: Weight) {
  const turns = createTurns<string>();
  const inTurn = <T>(change: () => Promise<T>) => turns(path, change);
  const folder = inboxFolder(path, limits);
  const { pathOf } = folder;

  const isListed = async (id: ArchiveId) => (await sizeOf(pathOf(manifestName(id)))) !== undefined;

  /** The bytes of an archive once all of them are there. */
  async function find(id: ArchiveId): Promise<StoredFile | undefined> {
    const archive = pathOf(archiveName(id));
    const file = await fileAt(archive);
    return file && { path: archive, size: file.size, modifiedAtMs: file.mtimeMs };
  }

  /** The files whose names begin so and that are no whole ones. */
  async function partsOf(beginning: string): Promise<string[]> {
    return (await folder.names()).filter((name) => name.startsWith(`${beginning}.`) && isOfUpload(name));
  }

  /** Takes what lies there of an archive, the manifest first. */
  async function clear(id: ArchiveId): Promise<void> {
    await folder.discard([manifestName(id), archiveName(id), ...(await partsOf(id))]);
  }

  async function putManifest(id: ArchiveId, manifest: Uint8Array): Promise<Outcome> {
    if (!(await find(id))) return "conflict";
    if (!(await folder.replace(manifestName(id), manifest))) return "full";
    await folder.discard(await partsOf(id));
    return "done";
  }

  /** Begins an upload, in place of what lies there of an archive that is not listed. */
  async function begin(id: ArchiveId, fingerprint: string, size: number): Promise<Outcome> {
    if (await isListed(id)) return "conflict";
    await clear(id);
    return (await folder.begin(uploadName(id, fingerprint), size)) ? "done" : "full";
  }

  /** Makes an archive of an upload that has all its bytes; one that it has become already is done. */
  async function finish(id: ArchiveId, fingerprint: string): Promise<Outcome> {
    if (await isListed(id)) return "conflict";
    const [upload, archive] = [uploadName(id, fingerprint), archiveName(id)];
    const [note, part, whole] = await Promise.all([readNote(pathOf(noteName(upload))), sizeOf(pathOf(upload)), sizeOf(pathOf(archive))]);
    if (note === undefined || (part ?? whole) !== note.size) return "conflict";
    if (part !== undefined) await renameDurably(pathOf(upload), pathOf(archive));
    return "done";
  }

  /** The size of the archive that an upload has become; one that was whole when the process died becomes it now. */
  async function finishedSize(id: ArchiveId, fingerprint: string): Promise<number | undefined> {
    return (await finish(id, fingerprint)) === "done" ? sizeOf(pathOf(archiveName(id))) : undefined;
  }

  async function getDocument(name: string): Promise<{ bytes: Buffer; revision: string } | undefined> {
    const bytes = await readIfThere(pathOf(`${name}.json`), maxDocumentBytes);
    return bytes && { bytes, revision: createHash("sha256").update(bytes).digest("hex") };
  }

  async function putDocument(name: string, bytes: Uint8Array, replaces: string | undefined): Promise<Outcome> {
    if ((await getDocument(name))?.revision !== replaces) return "conflict";
    const file = `${name}.json`;
    // What a crash left of an earlier change takes room for nothing.
    await folder.discard((await partsOf(file)).filter((part) => part.endsWith(partialEnding)));
    return (await folder.replace(file, bytes)) ? "done" : "full";
  }

  return {
    find,
    getDocument,
    list: (after: string) => listPage(folder, after),
    unfinished: (after: string) => unfinishedPage(folder, after),
    usedBytes: () => inTurn(async () => Math.min(await folder.usedBytes(), limits.bytes)),
    remove: (id: ArchiveId) => inTurn(() => clear(id)),
    putManifest: (id: ArchiveId, manifest: Uint8Array) => inTurn(() => putManifest(id, manifest)),
    putDocument: (name: string, bytes: Uint8Array, replaces: string | undefined) => inTurn(() => putDocument(name, bytes, replaces)),
    begin: (id: ArchiveId, fingerprint: string, size: number) => inTurn(() => begin(id, fingerprint, size)),
    finish: (id: ArchiveId, fingerprint: string) => inTurn(() => finish(id, fingerprint)),
    finishedSize: (id: ArchiveId, fingerprint: string) => inTurn(() => finishedSize(id, fingerprint)),
  };
}
