import { mkdir, readFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { BackupError, isBackupError, type KeyStore, assertArchiveKey } from "@xmtp-backup/core";
import { isMissing, systemCode } from "./fileErrors.ts";
import { fileJournal } from "./fileJournal.ts";
import { removePartials, writeFileDurably } from "./writeFileDurably.ts";

/**
 * Keeps archive keys in a file that its owner alone can read: one key a line in hex, the newest first.
 *
 * The keys lie there in the clear. Keep the file away from the archives, on an encrypted disk or a mounted secret, and
 * keep a copy that outlives the machine: without a key its archives can't be read by anybody.
 *
 * @example
 * ```ts
 * import { fileKeys } from "@xmtp-backup/node";
 *
 * const keys = fileKeys({ path: "./secrets/archive-keys" });
 * ```
 */
export function fileKeys({ path }: { path: string }): KeyStore {
  async function load(): Promise<Uint8Array[]> {
    let text: string;
    try {
      text = await readFile(path, "utf8");
    } catch (error) {
      if (isMissing(error)) return [];
      throw failed("The file with the archive keys can't be read.", error);
    }
    return text.split("\n").map((line) => line.trim()).filter(Boolean).map(parseKey);
  }

  return {
    notes: fileJournal({ directory: `${path}.notes` }),
    async load({ signal } = {}) {
      signal?.throwIfAborted();
      return load();
    },
    async add(key, { signal } = {}) {
      signal?.throwIfAborted();
      assertArchiveKey(key);
      const added = toHex(key);
      const others = (await load()).map(toHex).filter((hex) => hex !== added);
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        await writeFileDurably(path, (file) => file.writeFile(`${[added, ...others].join("\n")}\n`));
        await removePartials(dirname(path), `${basename(path)}.`, Date.now());
      } catch (error) {
        throw isBackupError(error) ? error : failed("The file with the archive keys can't be written.", error);
      }
    },
  };
}

function parseKey(hex: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/i.test(hex)) throw new BackupError("KEY_INVALID", "A line of the key file is not 64 hex digits.");
  return new Uint8Array(Buffer.from(hex, "hex"));
}

function toHex(key: Uint8Array): string {
  return Buffer.from(key).toString("hex");
}

function failed(shortMessage: string, cause: unknown): BackupError {
  return new BackupError("KEY_STORE_FAILED", shortMessage, { cause, details: `The system says ${systemCode(cause) ?? "no more"}.` });
}
