import { open, readdir, readFile, rename, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { type ArchiveId } from "@xmtp-backup/core";
import { isArchiveId } from "../layout.ts";
import { type ListPage, pageLimits, type UnfinishedPage } from "../http/protocol.ts";

const manifestEnding = ".manifest";

/** A file that lies there whole. */
export type StoredFile = { path: string; size: number; modifiedAtMs: number };

/** What one inbox keeps: `<id>` and `<id>.json` as tus writes them, and `<id>.manifest`, which lists the archive. */
export type InboxArchives = ReturnType<typeof inboxArchives>;

export function inboxArchives(folder: string) {
  const pathOf = (id: ArchiveId, ending = "") => join(folder, id + ending);

  const names = async () => (await readdir(folder).catch(ifMissing)) ?? [];

  async function isListed(id: ArchiveId): Promise<boolean> {
    return (await stat(pathOf(id, manifestEnding)).catch(ifMissing)) !== undefined;
  }

  /** The bytes of an archive once all of them are there. */
  async function find(id: ArchiveId): Promise<StoredFile | undefined> {
    const [file, note] = await Promise.all([stat(pathOf(id)).catch(ifMissing), readFile(pathOf(id, ".json"), "utf8").catch(ifMissing)]);
    if (!file || !note || (JSON.parse(note) as { size?: number }).size !== file.size) return undefined;
    return { path: pathOf(id), size: file.size, modifiedAtMs: file.mtimeMs };
  }

  async function putManifest(id: ArchiveId, manifest: Uint8Array): Promise<void> {
    const path = pathOf(id, `.${crypto.randomUUID()}.part`);
    const file = await open(path, "wx", 0o600);
    try {
      await file.writeFile(manifest);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(path, pathOf(id, manifestEnding));
    await sync(folder);
  }

  async function remove(id: ArchiveId): Promise<void> {
    await unlink(pathOf(id, manifestEnding)).catch(ifMissing);
    for (const name of await names()) {
      if (name.startsWith(id)) await unlink(join(folder, name)).catch(ifMissing);
    }
  }

  async function list(after: string): Promise<ListPage> {
    const ids = (await names()).filter((name) => name.endsWith(manifestEnding)).map((name) => name.slice(0, -manifestEnding.length));
    const rest = ids.filter((id) => isArchiveId(id) && id > after).sort();
    const archives: ListPage["archives"] = [];
    let bytes = 0;
    for (const id of rest) {
      if (archives.length === pageLimits.entries || bytes >= pageLimits.bytes) return { archives, next: archives.at(-1)?.id ?? "" };
      const manifest = await readFile(pathOf(id, manifestEnding)).catch(ifMissing);
      if (!manifest) continue;
      archives.push({ id, manifest: manifest.toString("base64") });
      bytes += manifest.length;
    }
    return { archives };
  }

  async function unfinished(after: string): Promise<UnfinishedPage> {
    const present = new Set(await names());
    const rest = [...present].filter((id) => isArchiveId(id) && id > after && !present.has(id + manifestEnding)).sort();
    const archives: UnfinishedPage["archives"] = [];
    for (const id of rest.slice(0, pageLimits.entries)) {
      const file = await stat(pathOf(id)).catch(ifMissing);
      if (file) archives.push({ id, modifiedAtMs: file.mtimeMs });
    }
    const last = rest[pageLimits.entries - 1];
    return { archives, ...(rest.length > pageLimits.entries && last && { next: last }) };
  }

  /** What lies there, in bytes; an upload under way counts with its whole size, where `announced` knows it. */
  async function usedBytes(announced: ReadonlyMap<ArchiveId, number>): Promise<number> {
    const open = new Map(announced);
    let used = 0;
    for (const name of await names()) {
      const file = await stat(join(folder, name)).catch(ifMissing);
      used += Math.max(file?.size ?? 0, open.get(name) ?? 0);
      open.delete(name);
    }
    for (const size of open.values()) used += size;
    return used;
  }

  return { isListed, find, putManifest, remove, list, unfinished, usedBytes, settle: async (id: ArchiveId) => sync(pathOf(id)) };
}

/** Has the system write what it holds back of a file or folder. */
async function sync(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function ifMissing(error: unknown): undefined {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}
