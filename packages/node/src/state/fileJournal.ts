import { unlink } from "node:fs/promises";
import { join } from "node:path";
import { assertShape, BackupError, deviceFull, isDeviceFull, type Journal, type Json } from "@xmtp-backup/core";
import { assertOwnPath, privateFolder } from "../files/privateFolder.ts";
import { readSmallFile } from "../files/readSmallFile.ts";
import { isMissing } from "../files/systemCode.ts";
import { whileHeld } from "../files/whileHeld.ts";
import { writeFileDurably } from "../files/writeFileDurably.ts";

/** Notes are small; the largest name some hundred bytes for each conversation that was restored. */
const maxNoteBytes = 64 * 1024 * 1024;

/**
 * Keeps the plugin's notes in a folder, one small JSON file each, readable by the owner only.
 *
 * @example
 * ```ts
 * import { fileJournal } from "@xmtp-backup/node";
 *
 * const journal = fileJournal({ directory: "./state" });
 * ```
 */
export function fileJournal(options: { directory: string }): Journal {
  assertShape("fileJournal", options, { directory: "text" });
  const { directory } = options;
  const pathOf = (name: string) => {
    if (!/^[a-z0-9-]+$/.test(name))
      throw new BackupError("JOURNAL_FAILED", "A note's name has lower-case letters, digits and dashes only.");
    return join(directory, `${name}.json`);
  };

  return {
    async read(name, { signal } = {}) {
      signal?.throwIfAborted();
      const path = pathOf(name);
      try {
        await assertOwnPath(path);
        const note = await readSmallFile(path, maxNoteBytes, { signal });
        if (note && note.size > maxNoteBytes) throw new Error(`A note of more than ${maxNoteBytes} bytes is none of this plugin's.`);
        return note && (JSON.parse(new TextDecoder().decode(note.bytes)) as Json);
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof SyntaxError) return undefined;
        throw new BackupError("JOURNAL_FAILED", "A note can't be read.", { cause: error });
      }
    },
    async write(name, note, { signal } = {}) {
      signal?.throwIfAborted();
      const path = pathOf(name);
      try {
        await privateFolder(directory);
        await writeFileDurably(path, (file) => file.writeFile(JSON.stringify(note)));
      } catch (error) {
        throw isDeviceFull(error)
          ? deviceFull("A note can't be written.", error)
          : new BackupError("JOURNAL_FAILED", "A note can't be written.", { cause: error });
      }
    },
    async remove(name, { signal } = {}) {
      signal?.throwIfAborted();
      const path = pathOf(name);
      try {
        await whileHeld(path, () => unlink(path));
      } catch (error) {
        if (!isMissing(error)) throw new BackupError("JOURNAL_FAILED", "A note can't be removed.", { cause: error });
      }
    },
  };
}
