import { access, lstat, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { assertShape, assertUsableKey, BackupError, deviceFull, isBackupError, isDeviceFull, type KeyStore } from "@xmtp-backup/core";
import { assertOwnPath, privateFolder } from "../files/privateFolder.ts";
import { readSmallFile } from "../files/readSmallFile.ts";
import { isMissing, systemCode } from "../files/systemCode.ts";
import { withLockFile } from "../files/withLockFile.ts";
import { removePartials, writeFileDurably } from "../files/writeFileDurably.ts";
import { fileJournal } from "../state/fileJournal.ts";
import { parseKeyFile, wipeLines, withKeyInFront } from "./parseKeyFile.ts";

/** How long to wait for other processes that add keys, in milliseconds; each needs a few. */
const patienceMs = 60_000;

/** A key takes 65 bytes: room for 16,000 of them. */
const maxFileBytes = 1024 * 1024;

/** How often in a row the file may be changed by somebody who takes no lock, while a key is added. */
const longestRow = 20;

/**
 * Keeps archive keys in a file that its owner alone can read: one key a line in hex, the newest first.
 *
 * The keys lie there in the clear. Keep the file away from the archives, on an encrypted disk or a mounted secret. Keep a copy that
 * outlives the machine: nobody can read the archives of a lost key.
 *
 * Several processes may add keys at once: they take turns by a lock file beside it, which a process that dies gives back. A line that is
 * no key is left out when keys are loaded. It stays in the file, since a person may be able to correct it.
 *
 * @throws KEY_STORE_FAILED when the file can't be read or written, is a link to one that is missing, or another user may have put it there
 *
 * @example
 * ```ts
 * import { fileKeys } from "@xmtp-backup/node";
 *
 * const keys = fileKeys({ path: "./secrets/archive-keys" });
 * ```
 */
export function fileKeys(options: { path: string }): KeyStore {
  assertShape("fileKeys", options, { path: "text" });
  const { path } = options;
  return {
    notes: fileJournal({ directory: `${path}.notes` }),
    async load({ signal, onUnusable } = {}) {
      signal?.throwIfAborted();
      const file = await guarded("The file with the archive keys can't be read.", signal, () => readKeyFile(path));
      const lines = parseKeyFile(file);
      for (const line of lines) if ("fault" in line) onUnusable?.(line.fault);
      file.fill(0);
      return lines.flatMap((line) => ("key" in line ? [line.key] : []));
    },

    async add(key, { signal } = {}) {
      signal?.throwIfAborted();
      assertUsableKey(key);
      const copy = new Uint8Array(key);
      try {
        await guarded("The file with the archive keys can't be written.", signal, async () => {
          await privateFolder(dirname(path));
          const target = await targetOf(path);
          await withLockFile(`${target}.lock`, { signal, patienceMs, code: "KEY_STORE_FAILED" }, () => addTo(target, copy));
        });
      } finally {
        copy.fill(0);
      }
    },
  };
}

/** Adds to what is there now, and looks again before the file is replaced: an older version of the app takes no lock. */
async function addTo(path: string, key: Uint8Array): Promise<void> {
  let isAdded = false;
  for (let times = 0; !isAdded; times += 1) {
    if (times === longestRow) throw new BackupError("KEY_STORE_FAILED", "The file with the archive keys changes all the time.");
    isAdded = await putInFront(path, key);
  }
  await removePartials(dirname(path), `${basename(path)}.`);
}

async function putInFront(path: string, key: Uint8Array): Promise<boolean> {
  const before = await readKeyFile(path);
  const lines = parseKeyFile(before);
  const after = withKeyInFront(key, lines);
  try {
    return await writeFileDurably(
      path,
      (file) => file.writeFile(after),
      () => isStill(path, before),
    );
  } finally {
    wipeLines(lines);
    before.fill(0);
    after.fill(0);
  }
}

async function isStill(path: string, before: Uint8Array): Promise<boolean> {
  const now = await readKeyFile(path);
  const isSame = Buffer.compare(now, before) === 0;
  now.fill(0);
  return isSame;
}

/** The bytes of the file; none where there is no file yet. */
async function readKeyFile(path: string): Promise<Uint8Array> {
  await assertOwnPath(path);
  const file = await unlessNew(path, async () => {
    const read = await readSmallFile(path, maxFileBytes);
    if (!read) throw Object.assign(new Error("There is no key file."), { code: "ENOENT" });
    return read;
  });
  if (file && file.size > maxFileBytes)
    throw new BackupError("KEY_STORE_FAILED", "The file with the archive keys is none: it is no ordinary file, or larger than 1 MiB.");
  return file?.bytes ?? new Uint8Array();
}

/** The file itself, where the path is a link or leads through one: its lock lies beside it, whichever way it is reached. */
async function targetOf(path: string): Promise<string> {
  return (await unlessNew(path, () => realpath(path))) ?? join(await realpath(dirname(path)), basename(path));
}

/** Undefined where there is no file yet. */
async function unlessNew<T>(path: string, run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    if (!isMissing(error)) throw error;
    // Another process may have made it meanwhile.
    return (await isNew(path)) ? undefined : run();
  }
}

/** What a link leads to that is missing, itself or a folder on the way, is not new: its disk may be away. */
async function isNew(path: string): Promise<boolean> {
  for (let at = resolve(path); ; at = dirname(at)) {
    const isThere = await lstat(at).then(
      () => true,
      (error: unknown) => !isMissing(error),
    );
    if (isThere)
      return (
        at !== resolve(path) &&
        access(at).then(
          () => true,
          () => false,
        )
      );
  }
}

async function guarded<T>(shortMessage: string, signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    signal?.throwIfAborted();
    if (isBackupError(error)) throw error;
    if (isDeviceFull(error)) throw deviceFull(shortMessage, error);
    throw new BackupError("KEY_STORE_FAILED", shortMessage, {
      cause: error,
      details: `The system says ${systemCode(error) ?? "no more"}.`,
    });
  }
}
