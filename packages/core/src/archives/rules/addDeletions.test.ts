import type { ArchiveDeletion } from "@xmtp-backup/archive";
import { describe, expect, it } from "vitest";
import { addDeletions, mostDeletions } from "./addDeletions.ts";

const deletion = (number: number, more: Partial<ArchiveDeletion> = {}): ArchiveDeletion => ({
  messageId: `message ${number}`,
  conversationId: "conversation",
  senderInboxId: "alice",
  sentAtNs: BigInt(number),
  isBySuperAdmin: false,
  ...more,
});

describe("addDeletions", () => {
  it("default: each once, the newest last, in whatever order they come", () => {
    expect(addDeletions([deletion(3), deletion(1)], [deletion(2), deletion(3)])).toEqual([1, 2, 3].map((number) => deletion(number)));
    expect(addDeletions([], [deletion(3), deletion(1), deletion(2), deletion(1)])).toEqual([1, 2, 3].map((number) => deletion(number)));
  });

  it("behavior: several people may delete the same message, and an archive that knows a super admin is right", () => {
    const both = addDeletions([deletion(1)], [deletion(1, { senderInboxId: "bob" })]);
    expect(both).toHaveLength(2);
    const byAdmin = deletion(1, { isBySuperAdmin: true });
    expect(addDeletions([deletion(1)], [byAdmin])).toEqual([byAdmin]);
    expect(addDeletions([byAdmin], [deletion(1)])).toEqual([byAdmin]);
  });

  it("behavior: beyond the bound, the oldest are forgotten", () => {
    const many = Array.from({ length: mostDeletions }, (_, index) => deletion(index + 10));
    const all = addDeletions(many, [deletion(1), deletion(mostDeletions + 100)]);
    expect(all).toHaveLength(mostDeletions);
    expect(all[0]).toEqual(deletion(11));
    expect(all.at(-1)).toEqual(deletion(mostDeletions + 100));
  });
});
