import type { CallOptions } from "@xmtp-backup/core";
import { untilAborted } from "./untilAborted.ts";

/** Runs work of the same name one after the other, whatever became of the one before; what is aborted while it waits never begins. */
export function createTurns(): <T>(name: string, run: () => Promise<T>, options?: CallOptions) => Promise<T> {
  const turns = new Map<string, Promise<unknown>>();
  return async (name, run, { signal } = {}) => {
    const begin = () => {
      signal?.throwIfAborted();
      return run();
    };
    const turn = Promise.resolve(turns.get(name)).then(begin, begin);
    turns.set(name, turn);
    const forget = () => {
      if (turns.get(name) === turn) turns.delete(name);
    };
    turn.then(forget, forget);
    return untilAborted(turn, { signal });
  };
}
