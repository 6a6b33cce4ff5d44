import {
  type ArchiveOutline,
  assertUsableKey,
  BackupError,
  type CallOptions,
  createTurns,
  generateArchiveKey,
  keyFingerprint,
  listOutlines,
  systemClock,
} from "@xmtp-backup/core";
import { assertSlotKey } from "../slots/assertSlotKey.ts";
import { assertCallOptions, assertKeyRingOptions } from "./assertKeyRingOptions.ts";
import { wipe } from "../util/bytes.ts";
import { deviceKeys, lackingKeys, notOpen } from "./deviceKeys.ts";
import type { KeyRing, KeyRingOptions } from "./keyRingOptions.ts";
import { type KeyRingState, keyRingState, toSlot } from "./keyRingState.ts";
import { isOwnRing } from "./openRing.ts";
import { addedTo, firstContents, ringChanges, withNewest } from "./ringChanges.ts";
import { ringDocument } from "./ringDocument.ts";
import { damaged, decodeRing } from "./ringFile.ts";
import { ringGuard } from "./ringGuard.ts";
import { ringMemory } from "./ringMemory.ts";
import { ringOpening } from "./ringOpening.ts";
import { ringRescue } from "./ringRescue.ts";
import type { RingContents } from "./sealRing.ts";
import { sessionKeys } from "./sessionKeys.ts";
import { assertSlotId, slotIdOf } from "./slotId.ts";

/**
 * The archive keys of an inbox, in slots that each alone open them; for `createBackups({ keys })`.
 *
 * The public part lies beside the archives, so that a new device needs only the store and one slot. A device that has the keys
 * can add and remove slots and rotate without asking for any other slot's secret.
 *
 * @throws OPTIONS_INVALID when an option is missing or of another kind, and when the store keeps archives only
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
export function keyRing(options: KeyRingOptions): KeyRing {
  assertKeyRingOptions(options);
  const { store, cache, memory: journal = cache?.notes, opener, name = "key-ring", clock = systemClock } = options;
  const document = ringDocument(store, name);
  const device = deviceKeys(cache ?? sessionKeys());
  const memory = ringMemory(journal, name);
  const guard = ringGuard(memory);
  const place = { store, document, device, guard, memory };
  const { peek, open } = ringOpening(place);
  const changes = ringChanges(place, clock);
  const { contentsOf, change, replace, withSlot } = changes;
  const rescue = ringRescue(place, changes);
  const turns = createTurns<"ring">();
  const inTurn = <T>(run: () => Promise<T>, options: CallOptions): Promise<T> => turns("ring", run, options);
  /** Keys are then the only thing by which this device tells an older ring after a restart. */
  const remembersByKeys = cache !== undefined && journal === undefined;

  async function inspect(options: CallOptions): Promise<KeyRingState> {
    const { ring, copies } = await document.look(options);
    return device.withKeys(options, async (held) => {
      const fingerprints = held.map(keyFingerprint);
      const isOpen = ring !== undefined && lackingKeys(ring, fingerprints).length === 0;
      if (isOpen && !(await isOwnRing(ring, held))) throw damaged("The key ring was altered by somebody who has none of its keys.");
      const standing = await guard.standing(ring, held, options);
      const isNoted = !isOpen || standing !== "current" || (await memory.remember(ring, held, options));
      return keyRingState(ring, fingerprints, { standing, hasCopies: copies.length > 0, isNoted });
    });
  }

  /** Keys that only this device knows are written into the ring; where that fails, the warning stays. */
  async function join(options: CallOptions): Promise<void> {
    const { isOpen, warnings } = await inspect(options);
    if (!isOpen || !warnings.some(({ kind }) => kind === "ringBehind")) return;
    await change((contents) => contents, options).catch(() => options.signal?.throwIfAborted());
  }

  async function add(key: Uint8Array, options: CallOptions): Promise<void> {
    assertUsableKey(key);
    const ring = await document.read(options);
    if (!ring) {
      await device.withKeys(options, (held) => guard.assertCurrent(undefined, held, options));
      return addFirst(key, options);
    }
    const isOpen = lackingKeys(ring, await device.fingerprints(options)).length === 0;
    if (isOpen) return change((contents) => ({ ...contents, keys: withNewest(key, contents.keys) }), options);
    if (!ring.keyFingerprints.includes(keyFingerprint(key))) throw notOpen(ring);
    await device.withKeys(options, (held) => guard.assertCurrent(ring, held, options, [key]));
    await device.keepOf(ring, [key], options);
  }

  /** A key while there is no ring: the opener makes one of it, or else the first slot that is added. */
  async function addFirst(key: Uint8Array, options: CallOptions): Promise<void> {
    if (!opener && !cache) throw new BackupError("KEY_MISSING", "The key ring has no slot yet, and no place on this device.");
    if (!opener) return device.keep([key], options);
    const held = await device.load(options);
    const contents = firstContents(withNewest(key, held));
    await withSlot(
      opener,
      (slotIn) =>
        replace(async (bytes) => {
          if (bytes) throw notOpen(await decodeRing(bytes));
          return addedTo(contents, await slotIn(contents));
        }, options),
      options,
    ).finally(() => wipe(held));
  }

  async function archivesOf(fingerprints: readonly string[], options: CallOptions): Promise<ArchiveOutline[]> {
    return (await listOutlines(store, options)).filter((archive) => fingerprints.includes(archive.keyFingerprint));
  }

  async function withoutSlot(contents: RingContents, id: string, options: CallOptions): Promise<RingContents> {
    const slots = contents.slots.filter((slot) => slot.id !== id);
    const needed = slots.length > 0 ? [] : await archivesOf(contents.keys.map(keyFingerprint), options);
    const keys = remembersByKeys ? [generateArchiveKey(), ...contents.keys] : contents.keys;
    if (needed.length === 0) return { ...contents, slots, keys };
    throw new BackupError("SLOT_NEEDED", "The last slot of the key ring can't be removed.", {
      details: `${needed.length} archives need its keys.`,
    });
  }

  return {
    async load(options = {}) {
      const held = await device.load(options);
      if (held.length > 0 || !opener) return held;
      return inTurn(async () => {
        if (await document.isThere(options)) await open(opener, options);
        return device.load(options);
      }, options);
    },

    async add(key, options = {}) {
      const copy = new Uint8Array(key);
      await inTurn(() => add(copy, options), options).finally(() => wipe([copy]));
    },

    async inspect(options = {}) {
      assertCallOptions("inspect", options);
      return inTurn(() => inspect(options), options);
    },

    async open(slotKey, given = {}) {
      assertSlotKey("open", slotKey);
      assertCallOptions("open", given, { acceptOlder: "boolean?" });
      const { acceptOlder = false, ...options } = given;
      return inTurn(async () => {
        await open(slotKey, { ...options, acceptOlder });
        await join(options);
        return inspect(options);
      }, options);
    },

    async test(slotKey, options = {}) {
      assertSlotKey("test", slotKey);
      assertCallOptions("test", options);
      const { slot, keys } = await peek(slotKey, options);
      wipe(keys);
      return toSlot(slot);
    },

    async addSlot(slotKey, options = {}) {
      assertSlotKey("addSlot", slotKey);
      assertCallOptions("addSlot", options);
      return inTurn(async () => {
        // A passkey that could not be added is no longer asked for.
        wipe((await contentsOf(await document.read(options), options)).keys);
        return withSlot(slotKey, (slotIn) => change(async (contents) => addedTo(contents, await slotIn(contents)), options), options);
      }, options);
    },

    async removeSlot(slot, options = {}) {
      const id = slotIdOf(slot);
      assertCallOptions("removeSlot", options);
      await inTurn(async () => {
        const ring = await document.read(options);
        if (ring?.slots.some((other) => other.id === id)) return change((contents) => withoutSlot(contents, id, options), options);
        // A store that gives an older ring, or none, must not make a slot look removed.
        wipe((await contentsOf(ring, options)).keys);
        assertSlotId(id);
      }, options);
    },

    async rotate(options = {}) {
      assertCallOptions("rotate", options);
      return inTurn(async () => {
        if (!(await document.read(options))) throw new BackupError("KEY_RING_MISSING", "There is no key ring that could keep a new key.");
        const fresh = generateArchiveKey();
        await add(fresh, options).finally(() => wipe([fresh]));
        const [newest = "", ...older] = await device.fingerprints(options);
        return { keyFingerprint: newest, olderArchives: await archivesOf(older, options) };
      }, options);
    },

    async renew(slotKey, options = {}) {
      assertSlotKey("renew", slotKey);
      assertCallOptions("renew", options);
      return inTurn(() => rescue.renew(slotKey, options), options);
    },

    async putBack(options = {}) {
      assertCallOptions("putBack", options);
      return inTurn(async () => {
        await rescue.putBack(options);
        return inspect(options);
      }, options);
    },
  };
}
