import { assertShape, BackupError, type CallOptions, untilAborted } from "@xmtp-backup/core";
import { fromBase64, toBase64 } from "../util/bytes.ts";
import type { LockedSlot, SlotKey } from "./slotKey.ts";

export type CustomSlotOptions = {
  /** Tells this vault from others of the app, in the clear; lower-case words such as `"team-kms"`. */
  name: string;
  /** Encrypts and authenticates 32 bytes, which are overwritten afterwards, for example by a key of a KMS or of the system's keychain. */
  wrap: (secret: Uint8Array, options: CallOptions) => Promise<Uint8Array>;
  /** The inverse of `wrap`; rejects for bytes that `wrap` did not make. */
  unwrap: (wrapped: Uint8Array, options: CallOptions) => Promise<Uint8Array>;
};

const secretBytes = 32;
/** Slots of one vault that one call asks it for. Each is a call of a KMS, and a ring that was altered could name as many as it likes. */
const maximumCalls = 8;

/**
 * A slot of a key ring that an app's own vault opens: 32 random bytes, kept wrapped beside the archives.
 *
 * @throws OPTIONS_INVALID when the vault has no name, no `wrap` or no `unwrap`
 * @throws SLOT_FAILED when the vault refuses or is out of reach
 *
 * @example
 * ```ts
 * import { custom } from "@xmtp-backup/keys";
 *
 * type Kms = { encrypt(bytes: Uint8Array): Promise<Uint8Array>; decrypt(bytes: Uint8Array): Promise<Uint8Array> };
 *
 * const teamSlot = (kms: Kms) => custom({ name: "team-kms", wrap: kms.encrypt, unwrap: kms.decrypt });
 * ```
 */
export function custom(vault: CustomSlotOptions): SlotKey {
  const { name, wrap, unwrap } = assertVault(vault);
  const ask = async (shortMessage: string, { signal }: CallOptions, run: () => Promise<Uint8Array>) => {
    signal?.throwIfAborted();
    try {
      return await untilAborted(run(), { signal }, (late) => late.fill(0));
    } catch (error) {
      signal?.throwIfAborted();
      throw new BackupError("SLOT_FAILED", shortMessage, { details: `The vault is called ${name}.`, cause: error });
    }
  };

  return {
    kind: "custom",
    async create(options = {}) {
      const secret = crypto.getRandomValues(new Uint8Array(secretBytes));
      const lent = new Uint8Array(secret);
      try {
        const wrapped = await ask("The vault did not wrap the new slot.", options, () => wrap(lent, options));
        return { secret, parameters: { name, wrapped: toBase64(wrapped) } };
      } finally {
        lent.fill(0);
      }
    },
    async *unlock(slots, options = {}) {
      let failure: unknown;
      const own = ofVault(slots, name);
      for (const { id, parameters } of own.slice(0, maximumCalls)) {
        try {
          yield {
            id,
            secret: await ask("The vault did not unwrap the slot.", options, () => unwrap(fromBase64(parameters.wrapped), options)),
          };
        } catch (error) {
          options.signal?.throwIfAborted();
          failure = error;
        }
      }
      // Of several slots of one vault another may have been the right one.
      if (failure) throw failure;
      if (own.length > maximumCalls)
        throw new BackupError("KEY_RING_DAMAGED", "The key ring has more slots of this vault than one call asks it for.", {
          details: `It has ${own.length}.`,
        });
    },
  };
}

/** A vault may be an object of the app's own, with more than these three. */
function assertVault(vault: unknown): CustomSlotOptions {
  const { name, wrap, unwrap } = Object(vault) as CustomSlotOptions;
  const options = { name, wrap, unwrap };
  assertShape("custom", options, { name: "text", wrap: "function", unwrap: "function" });
  return options;
}

function ofVault(slots: readonly LockedSlot[], name: string) {
  return slots.filter(
    (slot): slot is LockedSlot & { parameters: { wrapped: string } } =>
      slot.parameters["name"] === name && typeof slot.parameters["wrapped"] === "string",
  );
}
