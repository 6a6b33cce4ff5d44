import { isBackupError } from "@xmtp-backup/core";
import { memoryKeys, memoryStore } from "@xmtp-backup/testing";
import { generateRecoveryPhrase, keyRing, passphrase, recoveryPhrase } from "../../src/index.ts";
import { passkey, supportsPasskeys } from "../../src/passkey/index.ts";

const store = memoryStore();
const ring = keyRing({ store, cache: memoryKeys() });
const own = () => passkey({ appName: "Chat", userName: "alice.eth" });

/** The code of a refusal, or "done". */
async function outcomeOf(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
    return "done";
  } catch (error) {
    return isBackupError(error) ? error.code : String(error);
  }
}

export { supportsPasskeys };

export async function addPasskey(): Promise<string> {
  return outcomeOf(() => ring.addSlot(own()));
}

/** Whether a device that has only the store gets the same keys by a passkey. */
export async function opensOnNewDevice(): Promise<boolean | string> {
  const device = keyRing({ store });
  const outcome = await outcomeOf(() => device.open(own()));
  if (outcome !== "done") return outcome;
  return (await device.load()).join() === (await ring.load()).join();
}

export async function slotKinds(): Promise<string[]> {
  return (await ring.inspect()).slots.map(({ kind }) => kind);
}

export async function abortAdding(): Promise<boolean> {
  const reason = new Error("Enough.");
  const controller = new AbortController();
  const adding = ring.addSlot(own(), { signal: controller.signal });
  controller.abort(reason);
  return adding.then(
    () => false,
    (error: unknown) => error === reason,
  );
}

/** The other slots, with the real cost of a passphrase, in a browser. */
export async function otherSlotsWork(): Promise<boolean> {
  const phrase = generateRecoveryPhrase();
  await ring.addSlot(recoveryPhrase(phrase));
  await ring.addSlot(passphrase("cleft cam synod lacy yr wok"));
  const kinds = await Promise.all([recoveryPhrase(phrase), passphrase("cleft cam synod lacy yr wok")].map((slotKey) => ring.test(slotKey)));
  return kinds.map(({ kind }) => kind).join() === "recoveryPhrase,passphrase";
}
