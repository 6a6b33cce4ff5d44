import { assertArchiveKey, BackupError, type CallOptions, generateArchiveKey, isBackupError, keyFingerprint, listOutlines, systemClock } from "@xmtp-backup/core";
import type { SlotKey } from "../slots/slotKey.ts";
import { anchorOf } from "./anchor.ts";
import { deviceKeys, lackingKeys, notOpen } from "./deviceKeys.ts";
import type { KeyRing, KeyRingOptions } from "./keyRingOptions.ts";
import { keyRingState, type Slot, toSlot } from "./keyRingState.ts";
import { openRing } from "./openRing.ts";
import { ringDocument } from "./ringDocument.ts";
import { decodeRing, type RingFile } from "./ringFile.ts";
import { keyCalled, makeSlot, type RingContents, sealRing } from "./sealRing.ts";
import { sessionKeys } from "./sessionKeys.ts";
import type { EmptySlot } from "./slotCipher.ts";
import { turns } from "./turns.ts";

/**
 * The archive keys of an inbox, in slots that each alone open them; for `createBackups({ keys })`.
 *
 * The public part lies beside the archives, so that a new device needs only the store and one slot. A device that has the keys
 * can add and remove slots and rotate without asking for any other slot's secret.
 *
 * @throws OPTIONS_INVALID when the store keeps archives only
 *
 * @example
 * ```ts
 * import type { ArchiveStore, KeyStore } from "@xmtp-backup/core";
 * import { generateRecoveryPhrase, keyRing, recoveryPhrase } from "@xmtp-backup/keys";
 *
 * async function setUp(store: ArchiveStore, cache: KeyStore, show: (words: string) => Promise<void>) {
 *   const keys = keyRing({ store, cache });
 *   const words = generateRecoveryPhrase();
 *   await show(words);
 *   await keys.addSlot(recoveryPhrase(words));
 *   return keys; // createBackups({ host, store, keys })
 * }
 * ```
 */
export function keyRing({ store, cache, opener, name = "key-ring", clock = systemClock }: KeyRingOptions): KeyRing {
  const document = ringDocument(store, name);
  const device = deviceKeys(cache ?? sessionKeys());
  const inTurn = turns();

  /** What the ring holds, with the keys from this device; without a ring, what a first one would. */
  async function contentsOf(ring: RingFile | undefined, options: CallOptions): Promise<RingContents> {
    if (ring) return { keys: await device.openFor(ring, options), anchoredBy: ring.anchoredBy, slots: ring.slots };
    const held = await device.load(options);
    return firstContents(held.length > 0 ? held : [generateArchiveKey()]);
  }

  /** Writes the ring before the device keeps a new key: no archive is made with a key that is in no slot. */
  async function write(edit: (current: Uint8Array | undefined) => Promise<RingContents>, options: CallOptions): Promise<void> {
    let keys: readonly Uint8Array[] = [];
    await document.change(async (current) => {
      const contents = await edit(current);
      keys = contents.keys;
      return sealRing(contents);
    }, options);
    await device.keep(keys, options);
  }

  const change = (edit: (contents: RingContents) => RingContents | Promise<RingContents>, options: CallOptions) =>
    write(async (current) => edit(await contentsOf(current && (await decodeRing(current)), options)), options);

  /** Makes a slot and lets `put` write it; its secret is forgotten afterwards. */
  async function withSlot(slotKey: SlotKey, options: CallOptions, put: (slotIn: (contents: RingContents) => Promise<EmptySlot>) => Promise<void>): Promise<Slot> {
    const { secret, parameters } = await slotKey.create(options);
    const origin = { kind: slotKey.kind, secret, parameters, createdAtMs: clock.now() };
    let made: EmptySlot | undefined;
    try {
      await put(async ({ keys, anchoredBy }) => (made = await makeSlot(origin, await anchorOf(keyCalled(keys, anchoredBy)))));
    } finally {
      secret.fill(0);
    }
    if (!made) throw new BackupError("STORE_FAILED", "The slot was not written.");
    return toSlot(made);
  }

  const stateOf = async (options: CallOptions) => {
    const ring = await document.read(options);
    const held = await device.load(options);
    if (ring && lackingKeys(ring, held).length === 0) await device.openFor(ring, options);
    return keyRingState(ring, held);
  };

  async function open(slotKey: SlotKey, options: CallOptions): Promise<void> {
    const ring = await document.read(options);
    try {
      if (!ring) throw noRing();
      await device.keepOf(ring, (await openRing(ring, slotKey, options)).keys, options);
    } catch (error) {
      if (!(await takeBareKey(slotKey, ring, error, options))) throw error;
    }
  }

  /** Words that open no slot may be an archive key itself, of a time when there was no ring. */
  async function takeBareKey(slotKey: SlotKey, ring: RingFile | undefined, error: unknown, options: CallOptions): Promise<boolean> {
    const key = slotKey.archiveKey?.();
    if (!key || !isBackupError(error) || !["KEY_MISSING", "SECRET_WRONG"].includes(error.code)) return false;
    const known = ring?.keyFingerprints ?? (await listOutlines(store, options)).map((archive) => archive.keyFingerprint);
    if (!known.includes(keyFingerprint(key))) return false;
    await (ring ? device.keepOf(ring, [key], options) : device.keep([key], options));
    return true;
  }

  /** What only this device knows is written into the ring; where that fails, the warning stays. */
  async function join(options: CallOptions): Promise<void> {
    const { isOpen, warnings } = await stateOf(options);
    if (!isOpen || !warnings.some(({ kind }) => kind === "ringBehind")) return;
    await change((contents) => contents, options).catch(() => options.signal?.throwIfAborted());
  }

  async function add(key: Uint8Array, options: CallOptions): Promise<void> {
    assertArchiveKey(key);
    const ring = await document.read(options);
    if (!ring) return addFirst(key, options);
    if (lackingKeys(ring, await device.load(options)).length === 0) return change((contents) => ({ ...contents, keys: withNewest(key, contents.keys) }), options);
    if (!ring.keyFingerprints.includes(keyFingerprint(key))) throw notOpen(ring);
    await device.keepOf(ring, [key], options);
  }

  /** A key while there is no ring: the first slot that is added will take it in. */
  async function addFirst(key: Uint8Array, options: CallOptions): Promise<void> {
    if (opener) return addWithRing(opener, key, options);
    if (!cache) throw new BackupError("KEY_MISSING", "The key ring has no slot yet, and no place on this device.");
    await device.keep([key], options);
  }

  async function addWithRing(slotKey: SlotKey, key: Uint8Array, options: CallOptions): Promise<void> {
    const contents = firstContents(withNewest(key, await device.load(options)));
    await withSlot(slotKey, options, (slotIn) =>
      write(async (current) => {
        if (current) throw notOpen(await decodeRing(current));
        return { ...contents, slots: [await slotIn(contents)] };
      }, options),
    );
  }

  return {
    load: async (options = {}) => {
      const held = await device.load(options);
      if (held.length > 0 || !opener) return held;
      return inTurn(async () => {
        if (await document.read(options)) await open(opener, options);
        return device.load(options);
      });
    },

    add: (key, options = {}) => inTurn(() => add(new Uint8Array(key), options)),

    inspect: (options = {}) => inTurn(() => stateOf(options)),

    open: (slotKey, options = {}) =>
      inTurn(async () => {
        await open(slotKey, options);
        await join(options);
        return stateOf(options);
      }),

    test: async (slotKey, options = {}) => {
      const ring = await document.read(options);
      if (!ring) throw noRing();
      const { slot, keys } = await openRing(ring, slotKey, options);
      for (const key of keys) key.fill(0);
      return toSlot(slot);
    },

    addSlot: (slotKey, options = {}) =>
      inTurn(async () => {
        // Nobody is asked for a passkey or a phrase that could not be added.
        await contentsOf(await document.read(options), options);
        return withSlot(slotKey, options, (slotIn) => change(async (contents) => ({ ...contents, slots: [...contents.slots, await slotIn(contents)] }), options));
      }),

    removeSlot: (id, options = {}) =>
      inTurn(async () => {
        const ring = await document.read(options);
        if (!ring?.slots.some((slot) => slot.id === id)) return;
        await change(async (contents) => {
          const slots = contents.slots.filter((slot) => slot.id !== id);
          if (slots.length === 0) await refuseIfNeeded(contents);
          return { ...contents, slots };
        }, options);

        async function refuseIfNeeded({ keys }: RingContents) {
          const needed = await archivesOf(keys.map(keyFingerprint), options);
          if (needed.length > 0) throw new BackupError("SLOT_NEEDED", "The last slot of the key ring can't be removed.", { details: `${needed.length} archives need its keys.` });
        }
      }),

    rotate: (options = {}) =>
      inTurn(async () => {
        const fresh = generateArchiveKey();
        await add(fresh, options);
        const [keyOfNow = keyFingerprint(fresh), ...older] = (await device.load(options)).map(keyFingerprint);
        return { keyFingerprint: keyOfNow, olderArchives: await archivesOf(older, options) };
      }),

    renew: (slotKey, options = {}) =>
      inTurn(async () => {
        const held = await device.load(options);
        if (held.length === 0) throw new BackupError("KEY_MISSING", "This device has no key to make a key ring of.");
        const fresh = generateArchiveKey();
        const contents: RingContents = { keys: [fresh, ...held], anchoredBy: keyFingerprint(fresh), slots: [] };
        return withSlot(slotKey, options, (slotIn) => write(async () => ({ ...contents, slots: [await slotIn(contents)] }), options));
      }),
  };

  async function archivesOf(fingerprints: readonly string[], options: CallOptions) {
    return (await listOutlines(store, options)).filter((archive) => fingerprints.includes(archive.keyFingerprint));
  }
}

/** What a ring begins with: the oldest key anchors it. */
function firstContents(keys: readonly Uint8Array[]): RingContents {
  return { keys, anchoredBy: keys.map(keyFingerprint).at(-1) ?? "", slots: [] };
}

function withNewest(key: Uint8Array, keys: readonly Uint8Array[]): Uint8Array[] {
  return [key, ...keys.filter((other) => other.join() !== key.join())];
}

function noRing(): BackupError {
  return new BackupError("KEY_MISSING", "There is no key ring in this place.");
}
