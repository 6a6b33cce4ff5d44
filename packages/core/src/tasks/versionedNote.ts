import type { CallOptions } from "../ports/callOptions.ts";
import type { Journal, Json } from "../ports/journal.ts";

/** One kind of note in the journal, in the version that this code writes. */
export type VersionedNote<T> = {
  /** What the note says; undefined where there is none that this code can read. */
  read(journal: Journal, options?: CallOptions): Promise<T | undefined>;
  write(journal: Journal, note: T, options?: CallOptions): Promise<void>;
  /**
   * The same without a look, if this process has looked before: for who has held the lock since then, so that no other app wrote the note.
   */
  rewrite(journal: Journal, note: T, options?: CallOptions): Promise<void>;
  remove(journal: Journal, options?: CallOptions): Promise<void>;
  /** Removes what `rewrite` or `write` wrote, as `rewrite` does. */
  removeOwn(journal: Journal, options?: CallOptions): Promise<void>;
};

/** The version of every note that says none: those before versions were written. */
const firstVersion = 1;

/**
 * A note that carries its format version: an older one is read, and one that a newer app left is never touched.
 *
 * An app that was set back to an older version keeps its own note beside the newer one, under the name with its version behind it.
 */
export function versionedNote<T extends object>(name: string, version: number, isNote: (note: unknown) => note is T): VersionedNote<T> {
  /** Where each journal's note was at the last look, for when a look fails. */
  const names = new WeakMap<Journal, string>();

  /** Looks each time: a newer app may run beside this one, in another tab. */
  async function look(journal: Journal, options?: CallOptions): Promise<Json | undefined> {
    const stored = await journal.read(name, options);
    names.set(journal, versionOf(stored) > version ? `${name}-${version}` : name);
    return stored;
  }

  async function ownName(journal: Journal, options?: CallOptions): Promise<string> {
    try {
      await look(journal, options);
    } catch (error) {
      options?.signal?.throwIfAborted();
      if (!names.has(journal)) throw error;
    }
    return names.get(journal) ?? name;
  }

  /** Where the note was at the last look, which may be the first. */
  const knownName = async (journal: Journal, options?: CallOptions) => names.get(journal) ?? (await ownName(journal, options));

  async function write(journal: Journal, to: string, note: T, options?: CallOptions): Promise<void> {
    await journal.write(to, { ...(note as Json & object), version }, options);
  }

  return {
    async read(journal, options) {
      const found = await look(journal, options);
      const stored = versionOf(found) > version ? await journal.read(`${name}-${version}`, options) : found;
      if (versionOf(stored) > version) return undefined;
      const { version: _version, ...note } = asObject(stored);
      return isNote(note) ? note : undefined;
    },
    async write(journal, note, options) {
      options?.signal?.throwIfAborted();
      await write(journal, await ownName(journal, options), note, options);
    },
    async rewrite(journal, note, options) {
      options?.signal?.throwIfAborted();
      await write(journal, await knownName(journal, options), note, options);
    },
    async remove(journal, options) {
      await journal.remove(await ownName(journal, options), options);
    },
    async removeOwn(journal, options) {
      await journal.remove(await knownName(journal, options), options);
    },
  };
}

/** What no version can be read of counts as newer: whoever wrote it can read it, and it stays. */
function versionOf(note: unknown): number {
  const { version = firstVersion } = asObject(note);
  return typeof version === "number" && version >= firstVersion ? version : Infinity;
}

function asObject(note: unknown): Readonly<Record<string, unknown>> {
  return typeof note === "object" && note !== null ? (note as Record<string, unknown>) : {};
}
