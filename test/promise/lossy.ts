import { type ArchiveStore, BackupError } from "@xmtp-backup/core";

export type Lossy = {
  readonly store: ArchiveStore;
  /** The next calls of the method never reach the place. */
  fail(method: string, times: number): void;
  /** The next call of the method does its work, and its answer is lost. */
  loseAnswer(method: string): void;
  /** Forgets the failures that are yet to come. */
  calm(): void;
};

/** A way to a store on which calls fail: before they do anything, or with their work done, as when a connection breaks before the answer. */
export function lossy(store: ArchiveStore): Lossy {
  const losing = new Set<string>();
  const failing = new Map<string, number>();

  function fail(method: string): void {
    const times = failing.get(method) ?? 0;
    failing.set(method, times - 1);
    if (times > 0) throw new BackupError("STORE_UNAVAILABLE", "It broke off.");
  }

  async function* list(...args: Parameters<ArchiveStore["list"]>): ReturnType<ArchiveStore["list"]> {
    fail("list");
    yield* store.list(...args);
  }

  return {
    fail: (method, times) => failing.set(method, times),
    loseAnswer: (method) => losing.add(method),
    calm() {
      losing.clear();
      failing.clear();
    },
    store: new Proxy(store, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== "function" || typeof name === "symbol") return value;
        if (name === "list") return list;
        return async (...args: unknown[]) => {
          fail(name);
          const answer: unknown = await (value as (...args: unknown[]) => unknown).apply(target, args);
          if (losing.delete(name)) throw new BackupError("STORE_UNAVAILABLE", "The answer was lost.");
          return answer;
        };
      },
    }),
  };
}
