import { BackupError, type CallOptions, type Clock, generateArchiveKey, keyFingerprint } from "@xmtp-backup/core";
import type { SlotKey } from "../slots/slotKey.ts";
import { withAnchorOf } from "./anchor.ts";
import type { DeviceKeys } from "./deviceKeys.ts";
import { wipe } from "./bytes.ts";
import { type Slot, toSlot } from "./keyRingState.ts";
import type { RingDocument } from "./ringDocument.ts";
import { decodeRing, type RingFile } from "./ringFile.ts";
import { keyCalled, makeSlot, type RingContents, sealRing } from "./sealRing.ts";
import type { EmptySlot } from "./slotCipher.ts";

type Edit<Before> = (before: Before) => RingContents | Promise<RingContents>;

/** How a device that has the keys changes a ring. */
export type RingChanges = {
  /** What a ring holds; without one, what a first one would. @throws KEY_MISSING when it is not open on this device */
  contentsOf(ring: RingFile | undefined, options: CallOptions): Promise<RingContents>;
  /** Writes what `edit` makes of the ring that is there; the keys in it are overwritten afterwards. */
  change(edit: Edit<RingContents>, options: CallOptions): Promise<void>;
  /** Writes what `edit` makes, whatever bytes lie there; the keys in it are overwritten afterwards. */
  replace(edit: Edit<Uint8Array | undefined>, options: CallOptions): Promise<void>;
  /** Makes a slot, and lets `put` write it into a ring; its secret is forgotten afterwards. */
  withSlot(slotKey: SlotKey, put: (slotIn: (contents: RingContents) => Promise<EmptySlot>) => Promise<void>, options: CallOptions): Promise<Slot>;
};

export function ringChanges(document: RingDocument, device: DeviceKeys, clock: Pick<Clock, "now">): RingChanges {
  async function contentsOf(ring: RingFile | undefined, options: CallOptions): Promise<RingContents> {
    if (ring) return { keys: await device.openFor(ring, options), anchoredBy: ring.anchoredBy, slots: ring.slots };
    const held = await device.load(options);
    return firstContents(held.length > 0 ? held : [generateArchiveKey()]);
  }

  /** The ring is written before the device keeps a new key: no archive is made with a key that is in no slot. */
  async function replace(edit: Edit<Uint8Array | undefined>, options: CallOptions): Promise<void> {
    let keys: readonly Uint8Array[] = [];
    const used = new Set<Uint8Array>();
    try {
      await document.change(async (bytes) => {
        const contents = await edit(bytes);
        keys = contents.keys;
        for (const key of keys) used.add(key);
        return sealRing(contents);
      }, options);
      await device.keep(keys, options);
    } finally {
      wipe(used);
    }
  }

  return {
    contentsOf,
    replace,
    change: (edit, options) => replace(async (bytes) => edit(await contentsOf(bytes && (await decodeRing(bytes)), options)), options),

    async withSlot(slotKey, put, options) {
      const { secret, parameters } = await slotKey.create(options);
      const origin = { kind: slotKey.kind, secret, parameters, createdAtMs: clock.now() };
      let made: EmptySlot | undefined;
      try {
        await put(async ({ keys, anchoredBy }) => (made = await withAnchorOf(keyCalled(keys, anchoredBy), (anchor) => makeSlot(origin, anchor))));
      } finally {
        secret.fill(0);
      }
      if (!made) throw new BackupError("STORE_FAILED", "The slot was not written.");
      return toSlot(made);
    },
  };
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
