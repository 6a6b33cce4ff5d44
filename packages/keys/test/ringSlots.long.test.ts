import { memoryKeys, memoryStore } from "@xmtp-backup/testing";
import { describe, expect, it } from "vitest";
import { custom, generateRecoveryPhrase, keyRing, recoveryPhrase } from "../src/index.ts";
import { ringLimits } from "../src/ring/ringLimits.ts";
import { memoryVault } from "./support.ts";

describe("a key ring", () => {
  it("parameters: no more slots are added than a ring can have", async () => {
    const store = memoryStore();
    const ring = keyRing({ store, cache: memoryKeys() });
    for (let count = 0; count < ringLimits.slots; count++) await ring.addSlot(custom(memoryVault(`vault-${count}`)));
    const before = store.documents.get("key-ring");
    await expect(ring.addSlot(recoveryPhrase(generateRecoveryPhrase()))).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
    expect(store.documents.get("key-ring")).toBe(before);
    await ring.rotate();
  });
});
