import { assertUsableKey, type KeyStore, usableKeys } from "@xmtp-backup/core";
import { createFailures, type Failures } from "./failures.ts";
import { memoryJournal } from "./memoryJournal.ts";

/** A key store in memory, with switches that make it fail; keys of `initial` that can't be used stay in it and are left out. */
export function memoryKeys(...initial: Uint8Array[]): KeyStore & { failures: Failures; notes: ReturnType<typeof memoryJournal> } {
  const failures = createFailures();
  let keys = initial.map((key) => new Uint8Array(key));
  return {
    failures,
    notes: memoryJournal(),
    async load({ signal, onUnusable } = {}) {
      await failures.pass("load", signal);
      return usableKeys(keys, onUnusable).map((key) => new Uint8Array(key));
    },
    async add(key, { signal } = {}) {
      await failures.pass("add", signal);
      assertUsableKey(key);
      keys = [new Uint8Array(key), ...keys.filter((other) => !isSameKey(other, key))];
    },
  };
}

function isSameKey(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
