import { describe, expect, it } from "vitest";
import type { Consent } from "../../ports/hostConversation.ts";
import { type ArchivedDecision, weakly } from "../../archives/decisions.ts";
import { dueOf, type HeldDecisions, noDecisions, planDecisions, withDue } from "./heldDecisions.ts";

type Archive = Record<string, [consent: Consent, exportedAtNs: bigint]>;

const decisions = (archive: Archive) =>
  new Map(Object.entries(archive).map(([id, [consent, exportedAtNs]]): [string, ArchivedDecision] => [id, { consent, exportedAtNs }]));

/** What holds after restores in that order; the client holds what it was told. */
function restored(archives: readonly Archive[], before: Record<string, Consent> = {}): Record<string, Consent> {
  let held: HeldDecisions = noDecisions;
  let present = new Map(Object.entries(before));
  for (const archive of archives) {
    const about = decisions(archive);
    held = planDecisions(held, { conversations: about, people: about }, { conversations: present, people: present });
    present = dueOf(held.conversations);
    held = { conversations: withDue(held.conversations, new Set()), people: withDue(held.people, new Set()) };
  }
  return Object.fromEntries(present);
}

function* ordersOf<T>(items: readonly T[]): Generator<T[]> {
  if (items.length === 0) yield [];
  for (const [index, item] of items.entries()) for (const rest of ordersOf(items.toSpliced(index, 1))) yield [item, ...rest];
}

describe("planDecisions", () => {
  it("default: of each decision the newest archive that tells it is right, in every order", () => {
    const archives: Archive[] = [
      { a: ["allowed", 1n], b: ["denied", 1n], c: ["allowed", 1n] },
      { a: ["denied", 2n], b: ["allowed", 2n], c: ["unknown", 2n] },
      { a: ["unknown", 3n] },
      { b: ["allowed", 2n] },
    ];
    for (const order of ordersOf(archives)) expect(restored(order)).toEqual({ a: "unknown", b: "allowed", c: "unknown" });
  });

  it("behavior: a newer archive of a device on which the user never decided changes nothing", () => {
    const old: Archive = { a: ["denied", 1n], b: ["allowed", 1n] };
    const fresh: Archive = { a: ["unknown", weakly.undecided], b: ["unknown", weakly.undecided], c: ["unknown", weakly.undecided] };
    for (const order of ordersOf([old, fresh])) expect(restored(order)).toEqual({ a: "denied", b: "allowed", c: "unknown" });
  });

  it("behavior: another inbox's decision comes after every one of the user's own, and messages alone come last", () => {
    const other: Archive = { a: ["denied", weakly.otherInbox], b: ["denied", weakly.otherInbox] };
    const messages: Archive = { a: ["allowed", weakly.imported], b: ["allowed", weakly.imported] };
    for (const order of ordersOf([other, messages, { a: ["allowed", 1n] } satisfies Archive]))
      expect(restored(order)).toEqual({ a: "allowed", b: "denied" });
  });

  it("behavior: a request that is here stays one, whatever decides weakly", () => {
    const { conversations, people } = planDecisions(
      noDecisions,
      {
        conversations: decisions({ a: ["allowed", weakly.imported], b: ["denied", weakly.otherInbox], c: ["allowed", 1n] }),
        people: decisions({ p: ["denied", weakly.otherInbox] }),
      },
      {
        conversations: new Map([
          ["a", "unknown"],
          ["b", "unknown"],
          ["c", "unknown"],
        ]),
        people: new Map([["p", "unknown"]]),
      },
    );
    expect([Object.fromEntries(dueOf(conversations)), Object.fromEntries(dueOf(people))]).toEqual([
      { a: "unknown", b: "unknown", c: "allowed" },
      { p: "denied" },
    ]);
  });

  it("behavior: what a Welcome allowed before the first restore is no decision, and whatever else is there is one", () => {
    const archived = decisions({ a: ["denied", 1n], b: ["denied", 1n], c: ["allowed", 1n] });
    const present = new Map<string, Consent>([
      ["a", "allowed"],
      ["b", "allowed"],
      ["c", "denied"],
    ]);
    const plan = (before: HeldDecisions) =>
      planDecisions(
        before,
        { conversations: archived, people: new Map() },
        { conversations: present, people: new Map() },
        new Set(["a", "c"]),
      );
    expect(Object.fromEntries(dueOf(plan(noDecisions).conversations))).toEqual({ a: "denied", b: "allowed", c: "denied" });
    const held = { conversations: new Map([["a", { consent: "denied", exportedAtNs: 1n } as const]]), people: new Map() };
    expect(dueOf(plan(held).conversations).get("a")).toBe("allowed");
  });
});
