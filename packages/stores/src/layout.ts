import { type ArchiveId, BackupError } from "@xmtp-backup/core";

const archiveEnding = ".xmtp";
const manifestEnding = ".manifest.json";
const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** How files are named in every place, as `fileStore` of `@xmtp-backup/node` names them: a folder can be moved from one place to another. */
export type StoredName = { id: ArchiveId; kind: "archive" | "manifest" };

export function isArchiveId(id: unknown): id is ArchiveId {
  return typeof id === "string" && idPattern.test(id);
}

/** @throws ARCHIVE_NOT_FOUND when it is no id: it could lead out of the place */
export function archiveName(id: ArchiveId): string {
  return assertId(id) + archiveEnding;
}

/** @throws ARCHIVE_NOT_FOUND when it is no id */
export function manifestName(id: ArchiveId): string {
  return assertId(id) + manifestEnding;
}

/** @throws OPTIONS_INVALID when the name could lead out of the place */
export function documentName(name: string): string {
  if (!/^[a-z0-9-]+$/.test(name))
    throw new BackupError("OPTIONS_INVALID", "A document's name has lower-case letters, digits and dashes only.");
  return `${name}.json`;
}

/** What a file in the place is; undefined for whatever else lies there. */
export function parseName(name: string): StoredName | undefined {
  const id = name.slice(0, 36);
  if (!isArchiveId(id)) return undefined;
  const ending = name.slice(36);
  if (ending === archiveEnding) return { id, kind: "archive" };
  return ending === manifestEnding ? { id, kind: "manifest" } : undefined;
}

function assertId(id: ArchiveId): ArchiveId {
  if (!isArchiveId(id)) throw new BackupError("ARCHIVE_NOT_FOUND", "That is not the id of an archive.");
  return id;
}
