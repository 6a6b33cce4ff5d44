import type { ActivationState, TrackedConversation } from "@xmtp-backup/core";
import { BehaviorSubject } from "rxjs";
import { describe, expect, it } from "vitest";
import { bringMissed } from "./bringMissed.ts";
import { createMessageGate } from "./messageGate.ts";

type Message = { id: string; conversationId: string; sentAtNs: bigint };

const lastMessageMs = 1_000;
const restored = (id: string): Message => ({ id, conversationId: "old", sentAtNs: 1_000_000_000n });
const later = (id: string, conversationId = "old"): Message => ({ id, conversationId, sentAtNs: 1_001_000_000n });

/** An agent with one restored conversation, the SDK's database with those messages, and its stream. */
function stage(
  database: Message[] = [],
  { restoredUpToMs, isTracked = true, others = [] }: { restoredUpToMs?: number; isTracked?: boolean; others?: TrackedConversation[] } = {},
) {
  const handled: string[] = [];
  let tracked: TrackedConversation = {
    id: "old",
    kind: "group",
    status: "waiting",
    consent: "allowed",
    expectation: { outlook: "soon", reason: "recentMessages" },
    gap: { fromMs: 0 },
    restoredAtMs: 2_000,
    lastMessageMs,
  };
  const gate = createMessageGate(
    (id) => (id === "old" && isTracked ? tracked : undefined),
    () => restoredUpToMs,
  );
  const stateOf = (changed: string[]): ActivationState => ({
    total: 1,
    active: 0,
    waiting: 0,
    recreating: 0,
    stalled: 0,
    dismissed: 0,
    conversations: [tracked, ...others],
    changed,
    recreatable: [],
  });
  // What changed last was another conversation.
  const activation$ = new BehaviorSubject(stateOf(others.map(({ id }) => id)));
  const tell = () => activation$.next(stateOf(["old"]));
  const conversations = {
    async getConversationById() {
      return { messages: async () => database };
    },
    async streamAllMessages(_options?: { onValue?: (message: Message) => void; onError?: (error: Error) => void }) {
      return { isDone: false, end: async () => undefined };
    },
  };
  const reported: Error[] = [];
  const stop = bringMissed({ conversations: conversations as never }, { activation$ }, gate, (error) => reported.push(error));
  const onValue = (message: Message) => void gate.middleware({ message }, () => void handled.push(message.id));
  return {
    handled,
    reported,
    stop,
    onValue,
    open: () => conversations.streamAllMessages({ onValue, onError: () => undefined }),
    openWatch: () => conversations.streamAllMessages({ onValue: () => void handled.push("a watch of the plugin") }),
    async becomeActive() {
      tracked = { ...tracked, status: "active", activeId: "old", isBackfilled: true };
      tell();
      await settled();
    },
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("what an agent's handlers see after a restore", () => {
  it("default: no restored message, each new one, and everything of other conversations", async () => {
    const { handled, onValue } = stage();
    for (const message of [restored("1"), later("2"), { ...restored("3"), conversationId: "new" }]) onValue(message);
    expect(handled).toEqual(["2", "3"]);
  });

  it("behavior: a message that the stream missed at the activation is brought, and restored ones are not", async () => {
    const { handled, open, openWatch, becomeActive } = stage([restored("1"), later("2"), later("3")]);
    await open();
    await openWatch();
    await becomeActive();
    expect(handled).toEqual(["2", "3"]);
  });

  it("behavior: each is seen once, whether the stream or the database brings it first", async () => {
    const { handled, open, becomeActive, onValue } = stage([later("1"), later("2")]);
    await open();
    onValue(later("1"));
    await becomeActive();
    onValue(later("1"));
    onValue(later("2"));
    onValue(later("4"));
    await becomeActive();
    expect(handled).toEqual(["1", "2", "4"]);
  });

  it("behavior: what is brought before the agent has started waits for it", async () => {
    const { handled, open, becomeActive } = stage([later("1")]);
    await becomeActive();
    expect(handled).toEqual([]);
    await open();
    expect(handled).toEqual(["1"]);
  });

  it("behavior: a conversation is watched although another one has changed last", async () => {
    const other: TrackedConversation = {
      id: "other",
      kind: "dm",
      status: "waiting",
      consent: "allowed",
      expectation: { outlook: "soon", reason: "recentMessages" },
      gap: { fromMs: 0 },
      restoredAtMs: 2_000,
    };
    const { handled, open, becomeActive } = stage([later("1")], { others: [other] });
    await open();
    await becomeActive();
    expect(handled).toEqual(["1"]);
  });

  it("behavior: no restored message passes while nothing is tracked, and each new one does", () => {
    const { handled, onValue } = stage([], { isTracked: false, restoredUpToMs: lastMessageMs });
    for (const message of [restored("1"), later("2"), { ...restored("3"), conversationId: "new" }, later("4", "new")]) onValue(message);
    expect(handled).toEqual(["2", "4"]);
  });

  it("behavior: nothing is brought once that has ended", async () => {
    const { handled, open, becomeActive, stop, reported } = stage([later("1")]);
    await open();
    stop();
    await becomeActive();
    expect([handled, reported]).toEqual([[], []]);
  });
});
