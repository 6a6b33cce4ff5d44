import { memoryJournal } from "@xmtp-backup/testing";
import { describe, expect, it } from "vitest";
import { readActivation } from "./activationNote.ts";

const noted = { consent: "allowed", expectation: { outlook: "soon", reason: "recentMessages" }, gap: { fromMs: 1 }, restoredAtMs: 1 };

describe("readActivation", () => {
  it("behavior: a note that version 0.1.0 wrote is read in today's words", async () => {
    const journal = memoryJournal();
    const old = [
      { id: "a", kind: "group", status: "leftOut", ...noted },
      { id: "b", kind: "dm", peerInboxId: "bob", status: "stitching", stitching: { tries: 1 }, ...noted },
      { id: "c", kind: "dm", peerInboxId: "eve", status: "active", activeId: "d", activatedBy: "stitching", ...noted },
      { id: "e", kind: "group", status: "waiting", ...noted },
    ];
    await journal.write("activation", { version: 1, conversations: old, notices: {} });
    const { conversations = [] } = (await readActivation(journal)) ?? {};
    expect(conversations.map(({ status, recreating, activatedBy }) => [status, recreating, activatedBy])).toEqual([
      ["dismissed", undefined, undefined],
      ["recreating", { tries: 1 }, undefined],
      ["active", undefined, "recreating"],
      ["waiting", undefined, undefined],
    ]);
    expect(conversations.filter((each) => "stitching" in each)).toEqual([]);
  });
});
