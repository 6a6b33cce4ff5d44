import { BackupError, deviceFull, isDeviceFull, type Journal, type Json } from "@xmtp-backup/core";
import type { KeyValueDatabase } from "./keyValueDatabase.ts";

/** Notes as JSON among the values of a database, each under its name with `prefix` before it. */
export function notesIn(values: KeyValueDatabase, prefix = ""): Journal {
  async function guarded<T>(shortMessage: string, name: string, signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    if (!/^[a-z0-9-]+$/.test(name))
      throw new BackupError("JOURNAL_FAILED", "A note's name has lower-case letters, digits and dashes only.");
    try {
      return await run();
    } catch (error) {
      throw isDeviceFull(error) ? deviceFull(shortMessage, error) : new BackupError("JOURNAL_FAILED", shortMessage, { cause: error });
    }
  }

  return {
    read: (name, { signal } = {}) => guarded("A note can't be read.", name, signal, async () => parse(await values.get(prefix + name))),

    async write(name, note, { signal } = {}) {
      const text = JSON.stringify(note);
      await guarded("A note can't be written.", name, signal, () => values.change(prefix + name, () => text));
    },

    remove: (name, { signal } = {}) =>
      guarded("A note can't be removed.", name, signal, () => values.change(prefix + name, () => undefined)),
  };
}

/** A damaged note reads as absent. */
function parse(text: unknown): Json | undefined {
  if (typeof text !== "string") return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
