import { type ArchiveStore, BackupError } from "@xmtp-backup/core";

export type Lossy = {
  readonly store: ArchiveStore;
  /** The next call of the method does its work, and its answer is lost. */
  loseAnswer(method: string): void;
};

/** A way to a store on which a call can do its work and still fail, as when a connection breaks before the answer. */
export function lossy(store: ArchiveStore): Lossy {
  const losing = new Set<string>();
  return {
    loseAnswer: (method) => losing.add(method),
    store: new Proxy(store, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== "function" || typeof name === "symbol" || name === "list") return value;
        return async (...args: unknown[]) => {
          const answer: unknown = await (value as (...args: unknown[]) => unknown).apply(target, args);
          if (losing.delete(name)) throw new BackupError("STORE_UNAVAILABLE", "The answer was lost.");
          return answer;
        };
      },
    }),
  };
}
