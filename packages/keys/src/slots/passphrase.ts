import { BackupError } from "@xmtp-backup/core";
import { passphraseStrength } from "../passphraseStrength.ts";
import { fromBase64, toBase64 } from "../ring/bytes.ts";
import { type Argon2Cost, assertCost, costOf, defaultCost } from "./argon2Cost.ts";
import type { SlotKey } from "./slotKey.ts";

export type PassphraseOptions = {
  /** Take a passphrase for a new slot however weak it is, since the user insists. @default false */
  insist?: boolean;
  /** What a guess costs for a new slot; slots that are there keep theirs. @default 64 MiB, 3 passes, 1 lane */
  cost?: Partial<Argon2Cost>;
};

const saltBytes = 16;

/**
 * A slot of a key ring that a passphrase opens, made hard to guess by Argon2id.
 *
 * Spaces around it and the way in which a keyboard composes its letters don't matter. A weak one is refused for a new slot
 * (`passphraseStrength`), since whoever has a copy of the ring can guess as long as they like.
 *
 * @throws PASSPHRASE_WEAK when a new slot is to be made of a weak one and nobody insists
 *
 * @example
 * ```ts
 * import { type KeyRing, passphrase } from "@xmtp-backup/keys";
 *
 * const enter = (ring: KeyRing, typed: string) => ring.open(passphrase(typed));
 * ```
 */
export function passphrase(typed: string, { insist = false, cost = {} }: PassphraseOptions = {}): SlotKey {
  const text = typed.normalize("NFKC").trim();
  return {
    kind: "passphrase",
    async create({ signal } = {}) {
      const chosen = { ...defaultCost, ...cost };
      assertCost(chosen);
      if (text === "") throw new BackupError("PASSPHRASE_WEAK", "The passphrase is empty.");
      if (!insist) await refuseWeak(text);
      signal?.throwIfAborted();
      const salt = crypto.getRandomValues(new Uint8Array(saltBytes));
      return { secret: await stretch(text, salt, chosen), parameters: { salt: toBase64(salt), ...chosen } };
    },
    async *unlock(slots, { signal } = {}) {
      if (text === "") return;
      for (const { id, parameters } of slots) {
        signal?.throwIfAborted();
        yield { id, secret: await stretch(text, saltOf(parameters["salt"]), costOf(parameters)) };
      }
    },
  };
}

async function refuseWeak(text: string): Promise<void> {
  const { isStrong, guessesLog10 } = await passphraseStrength(text);
  if (isStrong) return;
  throw new BackupError("PASSPHRASE_WEAK", "The passphrase is too easy to guess.", { details: `About 10^${Math.floor(guessesLog10)} guesses would do.` });
}

/** Loaded when it is needed: WebAssembly that most screens never use. */
async function stretch(password: string, salt: Uint8Array, { memoryKiB, iterations, parallelism }: Argon2Cost): Promise<Uint8Array> {
  const { argon2id } = await import("hash-wasm");
  return argon2id({ password, salt, memorySize: memoryKiB, iterations, parallelism, hashLength: 32, outputType: "binary" });
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
