import { type ArchiveStore, type CallOptions, isBackupError } from "@xmtp-backup/core";
import { createTurns } from "../createTurns.ts";
import { isSame } from "../isSame.ts";
import { formatNotes, type MirrorNotes, mergeNotes, noNotes, parseNotes } from "./notes.ts";
import type { Places } from "./places.ts";

const documentName = "mirror";
/** How often a change is made again because another device changed the notes in the same moment. */
const maxTries = 5;

export type Notebook = ReturnType<typeof createNotebook>;

/** Keeps a mirror's notes as a document in each of its places, so that every device knows what a place missed. */
export function createNotebook({ stores, quietly }: Places) {
  const inTurn = createTurns();
  const keeping = stores.flatMap((store, index) => (store.getDocument && store.putDocument ? [index] : []));
  let notes = noNotes;

  /** Adds what the places that answer remember. */
  async function load({ signal }: CallOptions): Promise<MirrorNotes> {
    await quietly(async (store) => {
      const document = await store.getDocument?.(documentName, { signal });
      if (document) notes = mergeNotes(notes, parseNotes(document.bytes));
    }, { signal }, keeping);
    return notes;
  }

  /** Changes the notes, here and in the places that answer. Notes that can't be kept are no reason to fail: at worst an archive comes back. */
  async function change(edit: (notes: MirrorNotes) => MirrorNotes, { signal }: CallOptions): Promise<void> {
    await inTurn("notes", async () => {
      notes = edit(notes);
      await quietly((store) => write(store, edit, { signal }), { signal }, keeping);
    });
  }

  async function write(store: ArchiveStore, edit: (notes: MirrorNotes) => MirrorNotes, { signal }: CallOptions): Promise<void> {
    for (let tries = 1; ; tries++) {
      const document = await store.getDocument?.(documentName, { signal });
      const bytes = formatNotes(edit(document ? mergeNotes(parseNotes(document.bytes), notes) : notes));
      if (document ? isSame(document.bytes, bytes) : isSame(bytes, formatNotes(noNotes))) return;
      try {
        return await store.putDocument?.(documentName, bytes, { signal, replaces: document?.revision });
      } catch (error) {
        if (tries === maxTries || !isBackupError(error) || error.code !== "STORE_CONFLICT") throw error;
      }
    }
  }

  return { load, change, current: () => notes };
}
