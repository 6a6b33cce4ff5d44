import type { ArchiveId } from "../ports/archiveId.ts";

/** In which form a file lies in a folder that another program syncs. */
export type FileForm =
  /** As the store wrote it. */
  | "whole"
  /** Not downloaded yet: iCloud's `.<name>.icloud`. */
  | "placeholder"
  /** A second version that a sync program kept beside the first. */
  | "copy"
  /** Being written by this store, here or on another machine. */
  | "partial"
  /** Being downloaded by a sync program. */
  | "arriving";

/** A file of a store's folder, as its name tells: of an archive by its id, or a document by its name. */
export type FolderFile = { kind: "archive" | "manifest" | "document"; of: string; form: FileForm };

const id = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
/** What sync programs put before a file's ending, in whatever language; what a name of ours would go on with is not among it. */
const mark = "(?: .+| ?\\(.+\\)| ?\\[.+\\]|\\.sync-conflict-.+|_.*[Cc]onflict.*)";
/** OneDrive adds the computer's name, which differs from a name of ours by its first letter only. */
const machine = "(?:-[A-Z].*)";

const wholeNames: readonly [FolderFile["kind"], RegExp][] = [
  ["archive", new RegExp(`^(${id})\\.xmtp$`)],
  ["manifest", new RegExp(`^(${id})\\.manifest\\.json$`)],
  ["document", /^([a-z0-9-]+)\.json$/],
];

const copyNames: readonly [FolderFile["kind"], RegExp][] = [
  ["archive", new RegExp(`^(${id})(?:${mark}|-.+)\\.xmtp$`)],
  ["manifest", new RegExp(`^(${id})\\.manifest(?:${mark}|-.+)\\.json$`)],
  ["document", new RegExp(`^([a-z0-9-]+?)(?:${mark}|${machine})\\.json$`)],
];

const wrappings: readonly [FileForm, RegExp][] = [
  ["placeholder", /^\.(.+)\.icloud$/],
  ["partial", /^(.+)\.[0-9a-f-]{36}\.part$/],
  // Syncthing, on Windows and elsewhere; Nextcloud and ownCloud; Resilio; rsync.
  ["arriving", /^\.syncthing\.(.+)\.tmp$/],
  ["arriving", /^~syncthing~(.+)\.tmp$/],
  ["arriving", /^\.(.+)\.~[0-9a-f]+$/],
  ["arriving", /^(.+)\.!sync$/],
  ["arriving", /^\.(.+)\.[A-Za-z0-9]{6}$/],
];

/**
 * Says what a file of a store's folder is; undefined for one of somebody else.
 *
 * @example
 * ```ts
 * import { classifyFile } from "@xmtp-backup/core";
 *
 * console.log(classifyFile(".key-ring.json.icloud")); // { kind: "document", of: "key-ring", form: "placeholder" }
 * ```
 */
export function classifyFile(name: string): FolderFile | undefined {
  const own = match(name, wholeNames, "whole") ?? match(name, copyNames, "copy");
  if (own) return own;
  for (const [form, pattern] of wrappings) {
    const inner = pattern.exec(name)?.[1];
    const file = inner === undefined ? undefined : (match(inner, wholeNames, form) ?? match(inner, copyNames, "copy"));
    if (file) return file;
  }
  return undefined;
}

function match(name: string, names: readonly [FolderFile["kind"], RegExp][], form: FileForm): FolderFile | undefined {
  for (const [kind, pattern] of names) {
    const of = pattern.exec(name)?.[1];
    if (of !== undefined) return { kind, of, form };
  }
  return undefined;
}

/**
 * The names of a folder's files of one kind, by what they are of and their form, each in order.
 *
 * @example
 * ```ts
 * import { filesOfKind } from "@xmtp-backup/core";
 *
 * const { whole, copy } = filesOfKind(["key-ring.json", "key-ring 2.json"], "document").get("key-ring") ?? {};
 * console.log(whole, copy); // ["key-ring.json"], ["key-ring 2.json"]
 * ```
 */
export function filesOfKind(names: Iterable<string>, wanted: FolderFile["kind"]): Map<ArchiveId, Partial<Record<FileForm, string[]>>> {
  const found = new Map<ArchiveId, Partial<Record<FileForm, string[]>>>();
  for (const name of [...names].sort()) {
    const file = classifyFile(name);
    if (file?.kind !== wanted) continue;
    const forms = found.get(file.of) ?? {};
    found.set(file.of, { ...forms, [file.form]: [...(forms[file.form] ?? []), name] });
  }
  return found;
}
