import { memoryJournal } from "@xmtp-backup/testing";
import { describe, expect, it } from "vitest";
import { readPolicyMemory } from "./policyNote.ts";

describe("readPolicyMemory", () => {
  it("behavior: the last verification of a note that version 0.1.0 wrote counts", async () => {
    const journal = memoryJournal();
    const memory = { installedAtMs: 1, schedule: "daily 02:00", handledWallMs: 1, messagesSince: 2, conversationsSince: 0, reminders: {} };
    await journal.write("policy", { version: 1, ...memory, lastDrillMs: 5 });
    expect(await readPolicyMemory(journal)).toEqual({ ...memory, lastVerificationMs: 5 });
  });
});
