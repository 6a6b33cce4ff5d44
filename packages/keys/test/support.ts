import type { CustomSlotOptions } from "../src/index.ts";

/** A cost for tests whose subject is not what a guess costs. */
export const cheap = { memoryKiB: 8, iterations: 1 };

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
