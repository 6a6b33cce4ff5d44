import { describe, expect, test } from "vitest";

import { createAddresses } from "./createAddresses.ts";
import { openDatabase } from "./openDatabase.ts";

const newAddresses = () => createAddresses(openDatabase(undefined));

describe("createAddresses", () => {
  test("default", () => {
    const addresses = newAddresses();
    addresses.associate("0xAbC", "inbox", 1n);
    expect(addresses.inboxIdOf("0xabc")).toBe("inbox");
    expect(addresses.inboxIdOf("0xABC")).toBe("inbox");
    expect(addresses.inboxIdOf("0xother")).toBeUndefined();
  });

  test("behavior: the latest inbox that is not revoked has the address", () => {
    const addresses = newAddresses();
    addresses.associate("0xa", "old", 1n);
    addresses.associate("0xa", "new", 2n);
    expect(addresses.inboxIdOf("0xa")).toBe("new");
    addresses.revoke("0xA", "new");
    expect(addresses.inboxIdOf("0xa")).toBe("old");
    addresses.revoke("0xa", "old");
    expect(addresses.inboxIdOf("0xa")).toBeUndefined();
    addresses.associate("0xa", "new", 5n);
    expect(addresses.inboxIdOf("0xa")).toBe("new");
  });
});
