import type { ArchiveGroup } from "@xmtp-backup/archive";
import { describe, expect, it } from "vitest";
import type { DatedValues } from "../archives/archivedValues.ts";
import { restoredValues } from "./restoredValues.ts";

const group: ArchiveGroup = {
  id: "1",
  createdAtNs: 9n,
  membershipState: "restored",
  installationsLastCheckedNs: 0n,
  addedByInboxId: "alice",
  rotatedAtNs: 0n,
  conversationType: "group",
};
const values = { createdAtNs: 1n, creatorInboxId: "bob", addedByInboxId: "carol", adminInboxIds: ["dave"], superAdminInboxIds: ["bob"] };
const archived: DatedValues = { ...values, exportedAtNs: 5n };
const inactive = new Set(["1"]);

describe("restoredValues", () => {
  it("default: what the archive said of an inactive conversation that names the user", () => {
    expect(restoredValues("alice", inactive, [{ id: "1", archived }])(group)).toEqual({ ...values, membershipState: "allowed" });
  });

  it("behavior: a group that the user had left stays left, until they follow it again", () => {
    expect(restoredValues("alice", inactive, [{ id: "1", archived, hasLeft: true }])(group)?.membershipState).toBe("pendingRemove");
    expect(restoredValues("alice", inactive, [{ id: "1", archived, hasLeft: false }])(group)?.membershipState).toBe("allowed");
  });

  it("behavior: the newest archive counts, in whatever order they are remembered", () => {
    const newer = { id: "1", archived: { ...archived, exportedAtNs: 6n, adminInboxIds: [] } };
    for (const remembered of [
      [newer, { id: "1", archived }],
      [{ id: "1", archived }, newer],
    ]) {
      expect(restoredValues("alice", inactive, remembered)(group)?.adminInboxIds).toEqual([]);
    }
  });

  it.each<[string, Set<string>, Partial<ArchiveGroup>, boolean]>([
    ["that is active", new Set(), {}, true],
    ["that names somebody else", inactive, { addedByInboxId: "bob" }, true],
    ["of which nothing is remembered", inactive, {}, false],
  ])("parameters: nothing of one %s", (_which, inactiveIds, more, isRemembered) => {
    expect(restoredValues("alice", inactiveIds, [{ id: "1", ...(isRemembered && { archived }) }])({ ...group, ...more })).toBeUndefined();
  });
});
