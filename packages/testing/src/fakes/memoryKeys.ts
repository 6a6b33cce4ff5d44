import { assertArchiveKey, type KeyStore } from "@xmtp-backup/core";
import { createFailures, type Failures } from "./failures.ts";

/** A key store in memory, with switches that make it fail. */
export function memoryKeys(...initial: Uint8Array[]): KeyStore & { failures: Failures } {
  const failures = createFailures();
  let keys = initial.map((key) => new Uint8Array(key));
  return {
    failures,
    async load({ signal } = {}) {
      await failures.pass("load", signal);
      return keys.map((key) => new Uint8Array(key));
    },
    async add(key, { signal } = {}) {
      await failures.pass("add", signal);
      assertArchiveKey(key);
      keys = [new Uint8Array(key), ...keys.filter((other) => !isSame(other, key))];
    },
  };
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
