import { assertShape, BackupError, type CallOptions } from "@xmtp-backup/core";
import { argon2id } from "../argon2/argon2id.ts";
import { assertTyped } from "../util/assertTyped.ts";
import { passphraseStrength } from "./passphraseStrength.ts";
import { fromBase64, toBase64 } from "../util/bytes.ts";
import { type Argon2Cost, assertCost, costOf, defaultCost, defaultWorkLimitKiB, workOf } from "../argon2/argon2Cost.ts";
import type { SlotKey } from "./slotKey.ts";

export type PassphraseOptions = {
  /** Take a passphrase for a new slot however weak it is, since the user insists. @default false */
  insist?: boolean;
  /** What a guess costs for a new slot; slots that are there keep theirs. @default 64 MiB, 3 passes, 1 lane */
  cost?: Partial<Argon2Cost>;
  /**
   * Memory times passes, in KiB, that one call may take for all slots that it tries. Anybody who can write into the store could ask for
   * work without end.
   *
   * @default 4_194_304 (4 GiB: twenty slots of the default cost)
   */
  workLimitKiB?: number;
};

const saltBytes = 16;

/**
 * A slot of a key ring that a passphrase opens, made hard to guess by Argon2id.
 *
 * Spaces around it and the way in which a keyboard composes its letters don't matter. A weak one is refused for a new slot
 * (`passphraseStrength`), since whoever has a copy of the ring can guess as long as they like. It is computed in steps of a few
 * milliseconds: the thread stays free for everything else, and an abort ends it at the next step.
 *
 * @throws OPTIONS_INVALID when it is no text, or when an option is unknown or of another kind
 * @throws KEY_RING_DAMAGED when the ring's slots ask for more work than `workLimitKiB`
 * @throws PASSPHRASE_WEAK when a new slot is to be made of a weak one and nobody insists
 *
 * @example
 * ```ts
 * import { type KeyRing, passphrase } from "@xmtp-backup/keys";
 *
 * const enter = (ring: KeyRing, typed: string) => ring.open(passphrase(typed));
 * ```
 */
export function passphrase(typed: string, options: PassphraseOptions = {}): SlotKey {
  assertTyped("A passphrase", typed);
  assertShape("passphrase", options, { insist: "boolean?", cost: "object?", workLimitKiB: "number?" });
  const { insist = false, cost = {}, workLimitKiB = defaultWorkLimitKiB } = options;
  assertShape("passphrase: cost", cost, { memoryKiB: "number?", iterations: "number?", parallelism: "number?" });
  if (!(workLimitKiB > 0)) throw new BackupError("OPTIONS_INVALID", "passphrase: workLimitKiB is a number above 0.");
  const text = typed.normalize("NFKC").trim();
  return {
    kind: "passphrase",
    async create({ signal } = {}) {
      const chosen = { ...defaultCost, ...cost };
      assertCost(chosen, workLimitKiB);
      if (text === "") throw new BackupError("PASSPHRASE_WEAK", "The passphrase is empty.");
      if (!insist) await refuseWeak(text);
      signal?.throwIfAborted();
      const salt = crypto.getRandomValues(new Uint8Array(saltBytes));
      return { secret: await stretch(text, salt, chosen, signal), parameters: { salt: toBase64(salt), ...chosen } };
    },
    async *unlock(slots, { signal } = {}) {
      if (text === "") return;
      const known = slots.map(({ id, parameters }) => ({ id, salt: saltOf(parameters["salt"]), cost: costOf(parameters) }));
      let workKiB = 0;
      // The cheapest first, so that one which asks for much can't keep the others from being tried.
      for (const { id, salt, cost } of known.sort((one, other) => workOf(one.cost) - workOf(other.cost))) {
        workKiB += workOf(cost);
        if (workKiB > workLimitKiB) throw tooMuchWork();
        yield { id, secret: await stretch(text, salt, cost, signal) };
      }
    },
  };
}

async function refuseWeak(text: string): Promise<void> {
  const { isStrong, guessesLog10 } = await passphraseStrength(text);
  if (isStrong) return;
  throw new BackupError("PASSPHRASE_WEAK", "The passphrase is too easy to guess.", {
    details: `About 10^${Math.floor(guessesLog10)} guesses would do.`,
  });
}

async function stretch(password: string, salt: Uint8Array, cost: Argon2Cost, signal: CallOptions["signal"]): Promise<Uint8Array> {
  try {
    return await argon2id(password, salt, cost, { signal });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new BackupError("SLOT_FAILED", "This device has not the memory that the passphrase costs.", {
      details: `It costs ${cost.memoryKiB} KiB.`,
      cause: error,
    });
  }
}

function tooMuchWork(): BackupError {
  return new BackupError("KEY_RING_DAMAGED", "The passphrase slots of the key ring ask for more work than is allowed.", {
    details: "Where they were made so on purpose, pass a higher workLimitKiB.",
  });
}

function saltOf(text: unknown): Uint8Array {
  try {
    const salt = fromBase64(text as string);
    if (salt.length === saltBytes) return salt;
  } catch {
    // What is no base64 is no salt either.
  }
  throw new BackupError("KEY_RING_DAMAGED", "A passphrase slot of the key ring has no salt.");
}
