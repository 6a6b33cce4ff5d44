import { BackupError, type CallOptions, type Clock, generateArchiveKey, keyFingerprint } from "@xmtp-backup/core";
import type { SlotKey } from "../slots/slotKey.ts";
import { withAnchorOf } from "./anchor.ts";
import { wipe } from "../util/bytes.ts";
import { type Slot, toSlot } from "./keyRingState.ts";
import { proveSlot } from "./proveSlot.ts";
import { decodeRing, type RingFile } from "./ringFile.ts";
import type { RingPlace } from "./ringOpening.ts";
import { keyCalled, makeSlot, type RingContents, sealRing } from "./sealRing.ts";
import type { EmptySlot } from "./slotCipher.ts";

type Edit<Before> = (before: Before) => RingContents | Promise<RingContents>;

/** How a device that has the keys changes a ring. */
export type RingChanges = {
  /**
   * What a ring holds; without one, what a first one would.
   *
   * @throws KEY_MISSING when it is not open on this device
   * @throws KEY_RING_MISSING when this device knows a ring, and there is none
   * @throws KEY_RING_ROLLED_BACK when it is older than the one that this device knows
   */
  contentsOf(ring: RingFile | undefined, options: CallOptions): Promise<RingContents>;
  /** Writes what `edit` makes of the ring that is there; the keys in it are overwritten afterwards. */
  change(edit: Edit<RingContents>, options: CallOptions): Promise<void>;
  /** Writes what `edit` makes of the bytes that lie there, as the ring that follows what this device knows. */
  rewrite(edit: Edit<Uint8Array | undefined>, options: CallOptions): Promise<void>;
  /** The same, as a ring that begins again: what this device knew before counts no more. */
  replace(edit: Edit<Uint8Array | undefined>, options: CallOptions): Promise<void>;
  /** Makes a slot, opens it once, and lets `put` write it into a ring; its secret is forgotten afterwards. */
  withSlot(
    slotKey: SlotKey,
    put: (slotIn: (contents: RingContents) => Promise<EmptySlot>) => Promise<void>,
    options: CallOptions,
  ): Promise<Slot>;
};

export function ringChanges({ document, device, guard, memory }: Omit<RingPlace, "store">, clock: Pick<Clock, "now">): RingChanges {
  async function contentsOf(ring: RingFile | undefined, options: CallOptions): Promise<RingContents> {
    const held = await (ring ? device.openFor(ring, options) : device.load(options));
    try {
      await guard.assertCurrent(ring, held, options);
    } catch (error) {
      wipe(held);
      throw error;
    }
    if (ring) return { keys: held, anchoredBy: ring.anchoredBy, slots: ring.slots, generation: ring.generation };
    return firstContents(held.length > 0 ? held : [generateArchiveKey()]);
  }

  /** The ring is written before the device keeps a new key: no archive is made with a key that is in no slot. */
  async function write(edit: Edit<Uint8Array | undefined>, options: CallOptions, note: "remember" | "replace"): Promise<void> {
    let keys: readonly Uint8Array[] = [];
    const used = new Set<Uint8Array>();
    try {
      const ring = await document.change(async (bytes) => {
        const contents = await edit(bytes);
        keys = contents.keys;
        for (const key of keys) used.add(key);
        return sealRing(contents);
      }, options);
      // The ring is written: who cancels now would leave the device without a key that it has.
      await device.keep(keys, {});
      await memory[note](ring, keys, {});
    } finally {
      wipe(used);
    }
  }

  return {
    contentsOf,
    rewrite: (edit, options) => write(edit, options, "remember"),
    replace: (edit, options) => write(edit, options, "replace"),
    change: (edit, options) =>
      write(async (bytes) => editedBy(edit, await contentsOf(bytes && (await decodeRing(bytes)), options)), options, "remember"),

    async withSlot(slotKey, put, options) {
      const { secret: lent, parameters } = await slotKey.create(options);
      // A copy: the proof overwrites what the slot key lends, which may be these bytes again.
      const secret = new Uint8Array(lent);
      lent.fill(0);
      const origin = { kind: slotKey.kind, secret, parameters, createdAtMs: clock.now() };
      let made: EmptySlot | undefined;
      try {
        await proveSlot(slotKey, origin, options);
        await put(
          async ({ keys, anchoredBy }) => (made = await withAnchorOf(keyCalled(keys, anchoredBy), (anchor) => makeSlot(origin, anchor))),
        );
      } finally {
        secret.fill(0);
      }
      if (!made) throw new BackupError("STORE_FAILED", "The slot was not written.");
      return toSlot(made);
    },
  };
}

/** Keys that an edit drops are overwritten, and all of them where it fails. */
async function editedBy(edit: Edit<RingContents>, before: RingContents): Promise<RingContents> {
  const kept = new Set<Uint8Array>();
  try {
    const after = await edit(before);
    for (const key of after.keys) kept.add(key);
    return after;
  } finally {
    wipe(before.keys.filter((key) => !kept.has(key)));
  }
}

/** What a ring begins with: its oldest key anchors it. */
export function firstContents(keys: readonly Uint8Array[]): RingContents {
  return { keys, anchoredBy: keys.map(keyFingerprint).at(-1) ?? "", slots: [] };
}

export function addedTo(contents: RingContents, slot: EmptySlot): RingContents {
  return { ...contents, slots: [...contents.slots, slot] };
}

/** Keys with this one in front, each once. */
export function withNewest(key: Uint8Array, keys: readonly Uint8Array[]): Uint8Array[] {
  return [key, ...keys.filter((other) => other.join() !== key.join())];
}
