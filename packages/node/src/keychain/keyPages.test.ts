import { generateArchiveKey } from "@xmtp-backup/core";
import { describe, expect, it } from "vitest";
import { keyPages } from "./keyPages.ts";
import type { Keychain } from "./openKeychain.ts";

/** A keychain that shows nothing while it is locked and opens when it is written to, as KeePassXC does; or one that loses what it is given. */
function keychainOf(entries: Map<string, Uint8Array>, { isLocked = false, loses = (_name: string): boolean => false } = {}): Keychain {
  return {
    async read(name) {
      const bytes = isLocked ? undefined : entries.get(name);
      return bytes && new Uint8Array(bytes);
    },
    async write(name, bytes) {
      isLocked = false;
      if (!loses(name)) entries.set(name, new Uint8Array(bytes));
    },
    async remove(name) {
      entries.delete(name);
    },
  };
}

describe("keyPages", () => {
  it("behavior: what a locked keychain hid is not replaced by the first key that is added", async () => {
    const entries = new Map<string, Uint8Array>();
    const [older, newer] = [generateArchiveKey(), generateArchiveKey()];
    await keyPages(keychainOf(entries), "keys").add(older, {});
    const locked = keyPages(keychainOf(entries, { isLocked: true }), "keys");
    expect(await locked.load()).toEqual([]);
    await locked.add(newer, {});
    expect(await locked.load()).toEqual([newer, older]);
    expect([...entries.keys()]).toEqual(["keys"]);
  });

  it("behavior: a key that the keychain did not keep is told", async () => {
    const pages = keyPages(keychainOf(new Map(), { loses: (name) => name === "keys" }), "keys");
    await expect(pages.add(generateArchiveKey(), {})).rejects.toMatchObject({ code: "KEY_STORE_FAILED" });
  });
});
