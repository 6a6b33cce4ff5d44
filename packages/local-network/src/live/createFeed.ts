import type { Entry, Log } from "../store/createLog.ts";

/** A topic to follow and the id that was reached in it; 0 for none. */
export type Position = { topic: Uint8Array; cursor: bigint };

/** A log that can be followed while it grows. */
export type Feed = Log & {
  /** Every entry past the positions: first those that are there, then each new one, until the signal aborts. */
  follow(positions: Position[], signal: AbortSignal): AsyncGenerator<Entry, void>;
  /** How many are following now. */
  countFollowers(): number;
};

type Wake = (key: string) => void;

const pageSize = 100;

/**
 * Lets a log be followed. A follower only learns which topic has grown, and reads on from its own position. So a slow one costs no
 * memory, nothing comes twice, and nothing is missed between the old entries and the new.
 */
export function createFeed(log: Log): Feed {
  const followers = new Map<string, Set<Wake>>();
  let following = 0;

  function watch(keys: Iterable<string>, wake: Wake): () => void {
    for (const key of keys) {
      const wakes = followers.get(key) ?? new Set();
      followers.set(key, wakes.add(wake));
    }
    following += 1;
    return () => {
      following -= 1;
      for (const key of keys) {
        const wakes = followers.get(key);
        wakes?.delete(wake);
        if (wakes?.size === 0) followers.delete(key);
      }
    };
  }

  async function* follow(positions: Position[], signal: AbortSignal): AsyncGenerator<Entry, void> {
    const reached = byKey(positions);
    const unread = new Set(reached.keys());
    let wakeUp = () => {};
    const onAbort = () => wakeUp();
    const unwatch = watch([...reached.keys()], (key) => {
      unread.add(key);
      wakeUp();
    });
    signal.addEventListener("abort", onAbort);
    try {
      while (!signal.aborted) {
        const [key] = unread;
        if (key === undefined) {
          await new Promise<void>((resolve) => (wakeUp = resolve));
          continue;
        }
        unread.delete(key);
        const position = reached.get(key)!;
        const page = log.page(position.topic, { cursor: position.cursor, limit: pageSize });
        if (page.length === pageSize) unread.add(key);
        for (const entry of page) {
          position.cursor = entry.id;
          yield entry;
          if (signal.aborted) return;
        }
      }
    } finally {
      signal.removeEventListener("abort", onAbort);
      unwatch();
    }
  }

  return {
    ...log,
    append(topic, body, fingerprint) {
      const id = log.append(topic, body, fingerprint);
      if (id !== undefined) {
        const key = keyOf(topic);
        for (const wake of followers.get(key) ?? []) wake(key);
      }
      return id;
    },
    follow,
    countFollowers: () => following,
  };
}

/** One position a topic, the earliest if it was asked for twice. */
function byKey(positions: Position[]): Map<string, Position> {
  const reached = new Map<string, Position>();
  for (const { topic, cursor } of positions) {
    const key = keyOf(topic);
    const other = reached.get(key);
    if (other === undefined || cursor < other.cursor) reached.set(key, { topic, cursor });
  }
  return reached;
}

function keyOf(topic: Uint8Array): string {
  return Buffer.from(topic).toString("hex");
}
