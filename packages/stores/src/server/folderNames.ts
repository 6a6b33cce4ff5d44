import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { ifMissing } from "./files.ts";

/** Disks allow 255 bytes. */
const maxLength = 200;
/** Names that every disk keeps apart and allows, for as long as they differ. */
const plain = /^[a-z0-9_-]+$/;
/** Devices of Windows, whatever the ending. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)$/;
/** What folders were named by before names were escaped. */
const unescaped = /^[\w-]{1,128}$/;

/** Whether Windows takes a name for a device, whatever its ending. */
export function isReservedName(name: string): boolean {
  return reserved.test(name);
}

/** Whether `authenticate` named an inbox: text without what separates or hides parts of a path. */
export function isInboxName(name: unknown): name is string {
  if (typeof name !== "string" || name.length === 0 || name.length > 128) return false;
  return !/[/\\\p{Cc}\p{Cs}]/u.test(name) && !/^\.+$/.test(name);
}

/**
 * Chooses the folder of each inbox, so that no two share one on any disk, and so that a folder from before is found.
 *
 * A name that is safe on every disk is its folder's. Another one is escaped: `Alice` becomes `%41lice`. So is a safe one for which a folder
 * is there that differs in case alone.
 */
export function createFolderNames(directory: string): (inbox: string) => Promise<string> {
  let listing: Promise<Names> | undefined;

  const list = async () => new Names((await readdir(directory).catch(ifMissing)) ?? []);

  return async (inbox) => {
    listing ??= list();
    const there = await listing.catch((error: unknown) => {
      listing = undefined;
      throw error;
    });
    const name = choose(inbox, there);
    there.add(name);
    return name;
  };
}

/** Names in a folder, as they are written, and as a disk compares them to which case does not count. */
class Names {
  readonly written = new Set<string>();
  readonly folded = new Set<string>();

  constructor(names: readonly string[]) {
    for (const name of names) this.add(name);
  }

  add(name: string): void {
    this.written.add(name);
    this.folded.add(name.toLowerCase());
  }
}

function choose(inbox: string, { written, folded }: Names): string {
  const escaped = escapeName(inbox);
  if (written.has(escaped)) return escaped;
  if (unescaped.test(inbox) && written.has(inbox)) return inbox;
  return plain.test(inbox) && !isReservedName(inbox) && !folded.has(inbox) ? inbox : escaped;
}

/** A name of lower-case letters, digits and `_-%` that is no other inbox's, even where case does not count; it always differs from `inbox`. */
export function escapeName(inbox: string): string {
  const isPlain = plain.test(inbox);
  const parts = [...new TextEncoder().encode(inbox)].map((byte, index) => {
    const char = String.fromCharCode(byte);
    return plain.test(char) && !(isPlain && index === 0) ? char : `%${byte.toString(16).padStart(2, "0")}`;
  });
  const name = parts.join("");
  return name.length <= maxLength ? name : `${name.slice(0, 100)}%%${createHash("sha256").update(inbox).digest("hex")}`;
}
