import type { Lock } from "@xmtp-backup/core";

/** A lock in memory; two of them over the same `held` see each other. */
export function memoryLock(held = new Set<string>()): Lock {
  return {
    async tryAcquire(name, { signal } = {}) {
      signal?.throwIfAborted();
      if (held.has(name)) return undefined;
      held.add(name);
      let isMine = true;
      return async () => {
        if (isMine) held.delete(name);
        isMine = false;
      };
    },
  };
}
