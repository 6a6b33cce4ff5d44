import { type CustomSlotOptions, passphrase, type SlotKey } from "../src/index.ts";

/** A passphrase for tests whose subject is neither its strength nor what a guess costs. */
export function cheapPassphrase(text: string): SlotKey {
  return passphrase(text, { insist: true, cost: { memoryKiB: 8, iterations: 1 } });
}

/** A vault that keeps what it wraps in this process and can be out of reach. */
export function memoryVault(name = "team-vault"): CustomSlotOptions & { fail(error: unknown): void; secrets: Uint8Array[] } {
  const secrets: Uint8Array[] = [];
  let failure: unknown;
  const pass = () => {
    if (failure) throw failure;
  };
  return {
    name,
    secrets,
    fail: (error) => (failure = error),
    async wrap(secret) {
      pass();
      secrets.push(new Uint8Array(secret));
      return new Uint8Array([secrets.length - 1]);
    },
    async unwrap([index = -1]) {
      pass();
      const secret = secrets[index];
      if (!secret) throw new Error("The vault knows no such secret.");
      return new Uint8Array(secret);
    },
  };
}

/** Opens slots of one known secret. */
export function fixedSlotKey(secret: Uint8Array): SlotKey {
  return {
    kind: "custom",
    create: async () => ({ secret: new Uint8Array(secret), parameters: {} }),
    async *unlock(slots) {
      for (const { id } of slots) yield { id, secret: new Uint8Array(secret) };
    },
  };
}
