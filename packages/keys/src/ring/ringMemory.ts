import { type CallOptions, isBackupError, type Journal, type Json, keyFingerprint } from "@xmtp-backup/core";
import { concat, fromBase64, toBase64, utf8 } from "../util/bytes.ts";
import { withDerived } from "./derive.ts";
import { decodeRing, encodeRing, newerVersion, type RingFile } from "./ringFile.ts";
import { isBehind, type KnownRing, type UnprovenRing } from "./standing.ts";

/** The newest ring that this device knows. */
export type RememberedRing = KnownRing & { ring: RingFile };

/** What a device remembers of a ring. */
export type RingMemory = {
  /**
   * The newest ring that this device knows, when one of these keys proves the note of it. A note that nothing proves still says that
   * there was a ring; one that was forged or damaged counts as none.
   *
   * @throws KEY_RING_VERSION_UNSUPPORTED when a newer version of the app wrote the note
   * @throws JOURNAL_FAILED when it can't be read
   */
  recall(keys: readonly Uint8Array[], options: CallOptions): Promise<RememberedRing | UnprovenRing | undefined>;
  /** Notes a ring that is newer than the one before, encrypted with the key that anchors it; false when the note could not be kept. */
  remember(ring: RingFile, keys: readonly Uint8Array[], options: CallOptions): Promise<boolean>;
  /** The same for a ring that a person takes for the newest, whatever was known before. */
  replace(ring: RingFile, keys: readonly Uint8Array[], options: CallOptions): Promise<boolean>;
};

const format = "xmtp-backup/key-ring-memory";
const version = 1;
const nonceBytes = 12;
/** Ids of removed slots that are remembered for each ring. */
const maximumRemoved = 256;

/** The memory in `notes`, and in this process beside; without `notes` it ends with the process. */
export function ringMemory(notes: Journal | undefined, name: string): RingMemory {
  const noteName = `key-ring-memory-${name}`;
  let session: RememberedRing | undefined;

  async function recall(keys: readonly Uint8Array[], options: CallOptions): Promise<RememberedRing | UnprovenRing | undefined> {
    const noted = await readNote(keys, options);
    if (!noted) return session;
    if (!("ring" in noted)) return session ?? noted;
    return session && isBehind(noted.ring, session) ? session : noted;
  }

  async function readNote(keys: readonly Uint8Array[], options: CallOptions): Promise<RememberedRing | UnprovenRing | undefined> {
    const note = (await notes?.read(noteName, options)) as Record<string, unknown> | null | undefined;
    if (typeof note !== "object" || note === null || note["format"] !== format) return undefined;
    if (typeof note["version"] === "number" && note["version"] > version)
      throw newerVersion("A newer version of the app noted the key ring on this device.");
    const { anchoredBy, sealed } = note;
    if (typeof anchoredBy !== "string" || typeof sealed !== "string") return undefined;
    const key = keys.find((each) => keyFingerprint(each) === anchoredBy);
    return key ? unsealNote(anchoredBy, sealed, key).catch(ifNotNewer) : { anchoredBy };
  }

  async function keep(known: RememberedRing, keys: readonly Uint8Array[], options: CallOptions): Promise<boolean> {
    session = known;
    const key = keys.find((each) => keyFingerprint(each) === known.ring.anchoredBy);
    if (!notes || !key) return notes === undefined;
    try {
      await notes.write(noteName, await sealNote(known, key), options);
      return true;
    } catch {
      options.signal?.throwIfAborted();
      return false;
    }
  }

  return {
    recall,

    async replace(ring, keys, options) {
      await readNote(keys, options);
      return keep({ ring, removedSlots: [] }, keys, options);
    },

    async remember(ring, keys, options) {
      const noted = await readNote(keys, options);
      const known = noted && "ring" in noted ? noted : undefined;
      const isNoted = known?.ring.mac === ring.mac;
      const latest = await recall(keys, options);
      if (isNoted && latest === known) return true;
      const before = latest && "ring" in latest ? latest : undefined;
      return keep({ ring, removedSlots: removedFrom(before, ring) }, keys, options);
    },
  };
}

/** With another anchor a ring has other slots, so that none of the old ones can come back. */
function removedFrom(before: RememberedRing | undefined, { anchoredBy, slots }: RingFile): string[] {
  if (before?.ring.anchoredBy !== anchoredBy) return [];
  const ids = new Set(slots.map(({ id }) => id));
  return [...new Set([...before.removedSlots, ...before.ring.slots.map(({ id }) => id)])]
    .filter((id) => !ids.has(id))
    .slice(-maximumRemoved);
}

async function sealNote({ ring, removedSlots }: RememberedRing, key: Uint8Array): Promise<Json> {
  const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes));
  const plain = utf8(JSON.stringify({ ring: toBase64(await encodeRing(ring)), removedSlots }));
  const { anchoredBy } = ring;
  const encrypted = await withNoteKey(key, "encrypt", (noteKey) =>
    crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: header(anchoredBy) }, noteKey, plain),
  );
  return { format, version, anchoredBy, sealed: toBase64(concat(nonce, new Uint8Array(encrypted))) };
}

async function unsealNote(anchoredBy: string, text: string, key: Uint8Array): Promise<RememberedRing> {
  const sealed = fromBase64(text);
  const algorithm = { name: "AES-GCM", iv: sealed.subarray(0, nonceBytes), additionalData: header(anchoredBy) };
  const plain = await withNoteKey(key, "decrypt", (noteKey) => crypto.subtle.decrypt(algorithm, noteKey, sealed.subarray(nonceBytes)));
  const { ring, removedSlots } = JSON.parse(new TextDecoder().decode(plain)) as { ring: string; removedSlots: string[] };
  return { ring: await decodeRing(fromBase64(ring)), removedSlots };
}

/** A version that does not decrypt belongs to others. */
function ifNotNewer(error: unknown): undefined {
  if (isBackupError(error) && error.code === "KEY_RING_VERSION_UNSUPPORTED") throw error;
}

function header(anchoredBy: string): Uint8Array<ArrayBuffer> {
  return utf8(JSON.stringify({ format, version, anchoredBy }));
}

type NoteKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

function withNoteKey<T>(key: Uint8Array, usage: "encrypt" | "decrypt", run: (noteKey: NoteKey) => Promise<T>): Promise<T> {
  return withDerived(key, "memory", async (derived) => run(await crypto.subtle.importKey("raw", derived, "AES-GCM", false, [usage])));
}
