import { BackupError, generateArchiveKey } from "@xmtp-backup/core";
import { describe, expect, it } from "vitest";
import { keyPages } from "./keyPages.ts";
import type { Keychain } from "./openKeychain.ts";

/** A keychain that shows nothing while it is locked, as KeePassXC does, and whose user unlocks it or not; or one that loses what it is given. */
function keychainOf(
  entries: Map<string, Uint8Array>,
  { isLocked = false, refuses = false, loses = (_name: string): boolean => false } = {},
): Keychain {
  return {
    async read(name) {
      const bytes = isLocked ? undefined : entries.get(name);
      return bytes && new Uint8Array(bytes);
    },
    async write(name, bytes) {
      if (isLocked) throw new Error("It would replace what it hides.");
      if (!loses(name)) entries.set(name, new Uint8Array(bytes));
    },
    async unlock() {
      if (refuses) throw new BackupError("KEYCHAIN_UNAVAILABLE", "The system's keychain did not open.");
      isLocked = false;
    },
  };
}

describe("keyPages", () => {
  it("behavior: what a locked keychain hides is neither taken for nothing nor replaced", async () => {
    const entries = new Map<string, Uint8Array>();
    const [older, newer] = [generateArchiveKey(), generateArchiveKey()];
    await keyPages(keychainOf(entries), "keys").add(older, {});
    const locked = () => keyPages(keychainOf(entries, { isLocked: true }), "keys");
    expect(await locked().load()).toEqual([older]);
    await locked().add(newer, {});
    expect(await locked().load()).toEqual([newer, older]);
    expect([...entries.keys()]).toEqual(["keys"]);
    const refused = keyPages(keychainOf(entries, { isLocked: true, refuses: true }), "keys");
    await expect(refused.load()).rejects.toMatchObject({ code: "KEYCHAIN_UNAVAILABLE" });
    await expect(refused.add(newer, {})).rejects.toMatchObject({ code: "KEYCHAIN_UNAVAILABLE" });
  });

  it("behavior: a key that the keychain did not keep is told", async () => {
    const pages = keyPages(keychainOf(new Map(), { loses: (name) => name === "keys" }), "keys");
    await expect(pages.add(generateArchiveKey(), {})).rejects.toMatchObject({ code: "KEY_STORE_FAILED" });
  });
});
