import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createEmpty, entryAt, ifMissing, removePath, writeWhole } from "./files.ts";
import { createSpace, difference, sum, type Weight } from "./space.ts";
import { noteName, partialEnding } from "./uploadNames.ts";
import { noteBytes, readNote } from "./uploadNote.ts";

/** What the smallest file counts, in bytes: an empty file takes room too. */
export const leastFileBytes = 256;

/** The files of one inbox, within its limits. Its changes come one by one: whoever calls them sees to that. */
export type InboxFolder = ReturnType<typeof inboxFolder>;

export function inboxFolder(folder: string, limits: Weight) {
  const space = createSpace(limits, countAll);
  const pathOf = (name: string) => join(folder, name);
  const names = async () => (await readdir(folder).catch(ifMissing)) ?? [];

  /** What a file takes; an upload takes its whole size from its beginning. */
  async function weigh(name: string): Promise<Weight> {
    const entry = await entryAt(pathOf(name));
    if (!entry) return { bytes: 0, files: 0 };
    const note = name.endsWith(partialEnding) ? await readNote(pathOf(noteName(name))) : undefined;
    return weightOf(Math.max(entry.size, note?.size ?? 0));
  }

  async function isWithoutNote(name: string): Promise<boolean> {
    return name.endsWith(partialEnding) && (await readNote(pathOf(noteName(name)))) === undefined;
  }

  async function countAll(): Promise<Weight> {
    let total: Weight = { bytes: 0, files: 0 };
    for (const name of await names()) total = sum(total, await weigh(name));
    return total;
  }

  /** Removes files one after the other, in this order. */
  async function discard(files: readonly string[]): Promise<void> {
    // An upload is weighed while its note is there. One without took as much as the note said.
    const weights = await Promise.all(files.map(weigh));
    const hasLostNote = (await Promise.all(files.map(isWithoutNote))).includes(true);
    for (const name of files) await removePath(pathOf(name));
    if (hasLostNote) space.forget();
    else await space.giveBack(sum(...weights));
  }

  /** Takes room and writes; says whether there was room. A failed write gives the room back. */
  async function within(weight: Weight, write: () => Promise<void>): Promise<boolean> {
    if (!(await space.take(weight))) return false;
    try {
      await write();
    } catch (error) {
      await space.giveBack(weight);
      throw error;
    }
    return true;
  }

  return {
    names,
    pathOf,
    discard,
    usedBytes: async () => (await space.used()).bytes,

    /** Writes a small file in place of the one of this name; says whether there was room. */
    async replace(name: string, bytes: Uint8Array): Promise<boolean> {
      const more = difference(weightOf(bytes.length), await weigh(name));
      return within(more, () => writeWhole(pathOf(name), bytes));
    },

    /** Takes room for an upload and notes it on disk, so that from now on every count knows of it; says whether there was room. */
    async begin(upload: string, size: number): Promise<boolean> {
      const note = noteBytes({ size });
      return within(sum(weightOf(size), weightOf(note.length)), async () => {
        try {
          await writeWhole(pathOf(noteName(upload)), note);
          await createEmpty(pathOf(upload));
        } catch (error) {
          await removePath(pathOf(noteName(upload))).catch(() => undefined);
          throw error;
        }
      });
    },
  };
}

function weightOf(bytes: number): Weight {
  return { bytes: Math.max(bytes, leastFileBytes), files: 1 };
}
