import { describe, expect, it } from "vitest";
import type { ArchiveDetails, ConversationCount } from "../../archives/archiveEntry.ts";
import { compareWith, holdsOther, isFarLess, isLess } from "./compareHoldings.ts";

function holding(id: string, conversations: ConversationCount[]): { id: string; details: ArchiveDetails } {
  const messages = conversations.reduce((sum, conversation) => sum + conversation.messages, 0);
  return {
    id,
    details: {
      inboxId: "inbox",
      installationId: "installation",
      elements: ["consent", "messages"],
      counts: { conversations: conversations.length, messages, consentRecords: 0 },
      conversations,
      sha256: "0".repeat(64),
      records: 0,
      trigger: "manual",
    },
  };
}

describe("compareWith", () => {
  it("behavior: messages that were never sent count on neither side", () => {
    const phone = holding("phone", [{ id: "a", messages: 10, unsent: 8 }]);
    const restored = holding("restored", [{ id: "a", messages: 2 }]);
    const comparison = compareWith(restored).with(phone);
    expect(comparison).toMatchObject({ messages: 2, ofMessages: 2 });
    expect(isLess(comparison)).toBe(false);
    expect(holdsOther(phone, restored, comparison)).toBe(false);
  });

  it("behavior: they fill no place of what was lost", () => {
    const whole = holding("whole", [{ id: "a", messages: 10 }]);
    const lost = holding("lost", [{ id: "a", messages: 12, unsent: 9 }]);
    const comparing = compareWith(lost);
    expect(comparing.mayHoldMore(whole)).toBe(true);
    expect(comparing.with(whole)).toMatchObject({ messages: 10, ofMessages: 3 });
    expect(isFarLess(comparing.with(whole))).toBe(true);
    expect(holdsOther(whole, lost, comparing.with(whole))).toBe(true);
  });

  it("behavior: those of a conversation that disappears are taken off once", () => {
    const phone = holding("phone", [
      { id: "a", messages: 10, unsent: 4, disappears: true },
      { id: "b", messages: 5, unsent: 1 },
    ]);
    const restored = holding("restored", [
      { id: "a", messages: 1, disappears: true },
      { id: "b", messages: 4 },
    ]);
    expect(compareWith(restored).with(phone)).toMatchObject({ messages: 4, ofMessages: 4 });
  });
});
