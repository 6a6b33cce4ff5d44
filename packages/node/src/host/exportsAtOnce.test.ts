import { expect, it } from "vitest";
import { exportsAtOnce } from "./exportsAtOnce.ts";

const plain = { options: {} };
const dbEncryptionKey = new Uint8Array(32);

it.each([
  [1, 2],
  [2, 2],
  [3, 3],
  [4, 4],
  [64, 4],
])("parameters: cores: %d run %d exports side by side", (cores, expected) => {
  expect(exportsAtOnce(plain, cores)).toBe(expected);
});

it("default: goes by this machine", () => {
  expect([2, 3, 4]).toContain(exportsAtOnce(plain));
});

it.each([
  ["one on an encrypted database", { options: { dbEncryptionKey } }, 1],
  ["one where the key is written in hex", { options: { dbEncryptionKey: "0x00" } }, 1],
  ["one where the client does not show its options", { options: undefined }, 1],
  ["several where the key is null", { options: { dbEncryptionKey: null } }, 4],
])("behavior: %s", (_name, client, expected) => {
  expect(exportsAtOnce(client, 8)).toBe(expected);
});
