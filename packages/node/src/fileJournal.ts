import { readFile, unlink } from "node:fs/promises";
import { join } from "node:path";
import { BackupError, type Journal, type Json } from "@xmtp-backup/core";
import { isMissing } from "./fileErrors.ts";
import { assertOwnPath, privateFolder } from "./privateFolder.ts";
import { writeFileDurably } from "./writeFileDurably.ts";

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
export function fileJournal({ directory }: { directory: string }): Journal {
  const pathOf = (name: string) => {
    if (!/^[a-z0-9-]+$/.test(name)) throw new BackupError("JOURNAL_FAILED", "A note's name has lower-case letters, digits and dashes only.");
    return join(directory, `${name}.json`);
  };

  return {
    async read(name, { signal } = {}) {
      signal?.throwIfAborted();
      const path = pathOf(name);
      try {
        await assertOwnPath(path);
        return JSON.parse(await readFile(path, "utf8")) as Json;
      } catch (error) {
        if (isMissing(error) || error instanceof SyntaxError) return undefined;
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
        throw new BackupError("JOURNAL_FAILED", "A note can't be written.", { cause: error });
      }
    },
    async remove(name, { signal } = {}) {
      signal?.throwIfAborted();
      try {
        await unlink(pathOf(name));
      } catch (error) {
        if (!isMissing(error)) throw new BackupError("JOURNAL_FAILED", "A note can't be removed.", { cause: error });
      }
    },
  };
}
