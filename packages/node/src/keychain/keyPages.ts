import { BackupError, type CallOptions } from "@xmtp-backup/core";
import { decodePage, encodePage, keysPerPage } from "./keyPage.ts";
import type { Keychain } from "./openKeychain.ts";

/** Archive keys in as many entries of a keychain as they need. */
export type KeyPages = {
  /** Newest first, each once. */
  load(): Promise<Uint8Array[]>;
  add(key: Uint8Array, options: CallOptions): Promise<void>;
};

/**
 * Pages are filled one after the other, and a full one is never written again. So adding a key writes one entry, which a keychain does
 * whole or not at all. No key is ever on its way from one entry to another.
 */
export function keyPages(keychain: Keychain, name: string): KeyPages {
  const nameOf = (page: number) => (page === 1 ? name : `${name}/${page}`);

  async function read(): Promise<Uint8Array[][]> {
    const pages: Uint8Array[][] = [];
    for (;;) {
      const bytes = await keychain.read(nameOf(pages.length + 1));
      if (!bytes) return pages;
      try {
        pages.push(decodePage(bytes));
      } catch (error) {
        wipe(pages);
        throw error;
      } finally {
        bytes.fill(0);
      }
      if ((pages.at(-1)?.length ?? 0) < keysPerPage) return pages;
    }
  }

  async function write(page: number, keys: readonly Uint8Array[]): Promise<void> {
    const bytes = encodePage(keys);
    try {
      await keychain.write(nameOf(page), bytes);
    } finally {
      bytes.fill(0);
    }
  }

  /** What a locked keychain hides would be replaced by the first key that is added. */
  async function readUnlocked(): Promise<Uint8Array[][]> {
    const pages = await read();
    if (pages.length > 0) return pages;
    await keychain.unlock();
    return read();
  }

  return {
    async load() {
      const newestFirst = (await readUnlocked()).flat().toReversed();
      const isFirst = newestFirst.map((key, index) => newestFirst.findIndex((other) => isSame(other, key)) === index);
      wipe([newestFirst.filter((_key, index) => !isFirst[index])]);
      return newestFirst.filter((_key, index) => isFirst[index]);
    },

    async add(key, { signal }) {
      const pages = await readUnlocked();
      const last = pages.at(-1) ?? [];
      try {
        signal?.throwIfAborted();
        const newest = last.at(-1);
        if (newest && isSame(newest, key)) return;
        const isFull = last.length === keysPerPage;
        await (isFull || pages.length === 0 ? write(pages.length + 1, [key]) : write(pages.length, [...last, key]));
      } finally {
        wipe(pages);
      }
      const kept = await read();
      const isKept = kept.flat().some((other) => isSame(other, key));
      wipe(kept);
      if (!isKept) throw new BackupError("KEY_STORE_FAILED", "The keychain did not keep the key.");
    },
  };
}

function wipe(pages: readonly Uint8Array[][]): void {
  for (const key of pages.flat()) key.fill(0);
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
