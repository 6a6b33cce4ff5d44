import { BackupError, type CallOptions, isBackupError, type PutDocumentOptions, type StoredDocument } from "@xmtp-backup/core";
import { createTurns } from "../createTurns.ts";
import { isSame } from "../isSame.ts";
import { sha256 } from "../sha256.ts";
import type { Notebook } from "./notebook.ts";
import { newerThan, without } from "./notes.ts";
import type { Places } from "./places.ts";
import type { RepairReport } from "./repair.ts";

type Versions = ReadonlyMap<number, StoredDocument | undefined>;

export type MirrorDocuments = ReturnType<typeof createDocuments>;

/**
 * The documents of a mirror, kept equal in all of its places. One is changed only while every place answers: two places that are changed
 * each while the other is away would end with two different key rings, of which one had to go.
 */
export function createDocuments(places: Places, notebook: Notebook, names: readonly string[], now: () => number) {
  const inTurn = createTurns();
  const keeping = places.stores.flatMap((store, index) => (store.getDocument && store.putDocument ? [index] : []));

  const readAll = (name: string, options: CallOptions) => places.each(async (store) => store.getDocument?.(name, options), options, keeping);

  /** The newest version: where the notes say that it is, otherwise the only one that there is. */
  function newest(name: string, versions: Versions): StoredDocument | undefined {
    const noted = notebook.current().documents[name]?.places.find((index) => versions.get(index));
    return versions.get(noted ?? first(versions) ?? -1);
  }

  function differ(name: string, versions: Versions): boolean {
    const found = [...versions.values()].filter((each) => each !== undefined);
    return notebook.current().documents[name] === undefined && found.some((each) => !isSame(each.bytes, found[0]?.bytes ?? each.bytes));
  }

  async function get(name: string, options: CallOptions = {}): Promise<StoredDocument | undefined> {
    options.signal?.throwIfAborted();
    await notebook.load(options);
    const { values } = await readAll(name, options);
    const document = newest(name, values);
    const copies = [...values.values()].flatMap((version) => version?.copies ?? []);
    return document && { bytes: document.bytes, revision: await revisionOf(document), ...(copies.length > 0 && { copies }) };
  }

  async function put(name: string, bytes: Uint8Array, { signal, replaces }: PutDocumentOptions): Promise<void> {
    signal?.throwIfAborted();
    await inTurn(name, async () => {
      await notebook.load({ signal });
      const { values, failures } = await readAll(name, { signal });
      const [away] = failures.values();
      if (away) throw new BackupError(away.code, "A document can't be changed while a place of the mirror is away.", { details: away.details ?? away.shortMessage, cause: away });
      if (differ(name, values)) throw differing();
      const stored = newest(name, values);
      if ((stored && (await revisionOf(stored))) !== replaces) throw new BackupError("STORE_CONFLICT", "The document is another than the one that was read.");
      // Should this end half-way, the place that decides has the newest.
      await note(name, keeping.slice(0, 1), { signal });
      const written = await writeInOrder(name, bytes, values, { signal });
      await note(name, written, { signal });
    }, { signal });
  }

  /** The first place decides: what it refuses is refused. What a later one refuses it is given at the next repair. */
  async function writeInOrder(name: string, bytes: Uint8Array, versions: Versions, { signal }: CallOptions): Promise<number[]> {
    const written: number[] = [];
    for (const index of keeping) {
      try {
        await places.stores[index]?.putDocument?.(name, bytes, { signal, replaces: versions.get(index)?.revision });
        written.push(index);
      } catch (error) {
        if (written.length === 0) throw error;
      }
    }
    return written;
  }

  async function note(name: string, written: number[], { signal }: CallOptions): Promise<void> {
    const isEverywhere = written.length === keeping.length;
    if (isEverywhere && notebook.current().documents[name] === undefined) return;
    const entry = newerThan(notebook.current().documents[name], written, now());
    await notebook.change((notes) => ({ ...notes, documents: isEverywhere ? without(notes.documents, name) : { ...notes.documents, [name]: entry } }), { signal });
  }

  /** Gives each place that answers the newest of every document; of two that differ, and of which nothing is known, neither is touched. */
  async function repair({ signal }: CallOptions): Promise<RepairReport["remaining"]> {
    const remaining: RepairReport["remaining"] = [];
    for (const name of new Set([...names, ...Object.keys(notebook.current().documents)])) {
      await inTurn(name, async () => {
        const { values } = await readAll(name, { signal });
        const document = newest(name, values);
        if (!document) return;
        let isWhole = values.size === keeping.length;
        for (const [place, version] of values) {
          if (version && isSame(version.bytes, document.bytes)) continue;
          try {
            if (differ(name, values)) throw differing();
            await places.stores[place]?.putDocument?.(name, document.bytes, { signal, replaces: version?.revision });
          } catch (error) {
            signal?.throwIfAborted();
            isWhole = false;
            remaining.push({ place, code: isBackupError(error) ? error.code : "STORE_FAILED" });
          }
        }
        if (isWhole) await note(name, keeping, { signal });
      }, { signal }).catch((error: unknown) => {
        // No place answers.
        signal?.throwIfAborted();
        for (const place of keeping) remaining.push({ place, code: isBackupError(error) ? error.code : "STORE_FAILED" });
      });
    }
    return remaining;
  }

  return { get, put, repair, areKept: keeping.length > 0 };
}

function first(versions: Versions): number | undefined {
  return [...versions.keys()].sort((left, right) => left - right).find((index) => versions.get(index));
}

/** A revision that no place gives by itself: the places may tell different ones for the same bytes. */
async function revisionOf({ bytes }: StoredDocument): Promise<string> {
  return sha256(new Uint8Array(bytes));
}

/** To repeat the change would end here again. */
function differing(): BackupError {
  return new BackupError("STORE_CONFLICT", "The places of the mirror hold different documents of this name.", {
    details: "Open each place by itself, keep the document that opens, and move the other one out of its place.",
  });
}
