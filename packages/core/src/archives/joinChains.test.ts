import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ArchiveDetails, ArchiveEntry, ConversationCount, Increment } from "./archiveEntry.ts";
import { changedConversations, joinChains, longestChain } from "./joinChains.ts";

const counts = { conversations: 0, messages: 0, consentRecords: 0 };

function entry(id: string, details: Partial<ArchiveDetails> = {}, keyFingerprint = "key"): ArchiveEntry {
  return {
    id,
    createdAtMs: 0,
    sizeBytes: 1,
    keyFingerprint,
    seal: "open",
    details: {
      inboxId: "mine",
      installationId: "here",
      elements: ["messages", "consent"],
      counts,
      conversations: [],
      sha256: `sha ${id}`,
      records: 0,
      trigger: "manual",
      ...details,
    },
  };
}

function increment(baseId: string, chainLength: number, more: Partial<Increment> = {}): { increment: Increment } {
  return { increment: { baseId, baseSha256: `sha ${baseId}`, chainLength, replaces: [], ...more } };
}

const whole = entry("whole", {
  conversations: [
    { id: "a", messages: 3 },
    { id: "b", messages: 1 },
  ],
});
const first = entry("first", { ...increment("whole", 1), conversations: [{ id: "b", messages: 2 }] });
const second = entry("second", { ...increment("first", 2), conversations: [{ id: "c", messages: 5, later: 5 }] });

const of = (entries: readonly ArchiveEntry[], id: string) => joinChains(entries).find((each) => each.id === id);
const breakOf = (entries: readonly ArchiveEntry[], id: string) => {
  const found = of(entries, id);
  return found?.seal === "chainBroken" ? found.chainBreak : undefined;
};

describe("joinChains", () => {
  it("default: an increment tells what its restore point holds, and which archives it needs", () => {
    expect(of([second, first, whole], "second")).toMatchObject({
      chain: ["whole", "first", "second"],
      details: {
        conversations: [
          { id: "a", messages: 3 },
          { id: "b", messages: 2 },
          { id: "c", messages: 5, later: 5 },
        ],
      },
    });
    expect(of([second, first, whole], "whole")).toBe(whole);
  });

  it("behavior: the order of the list does not matter", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([whole, first, second], { minLength: 3 }), (entries) => {
        expect(joinChains(entries).map(({ id, details }) => [id, details])).toEqual(
          entries.map(({ id }) => [id, of([whole, first, second], id)?.details]),
        );
      }),
    );
  });

  it.each<[string, ArchiveEntry[], unknown]>([
    ["a base that is not listed", [second, first], { why: "missing", id: "whole" }],
    ["a base that no key opens", [second, first, { ...whole, seal: "otherKey", details: undefined }], { why: "unreadable", id: "whole" }],
    ["a base whose bytes are others", [second, first, entry("whole", { sha256: "other" })], { why: "altered", id: "whole" }],
    ["a base of another inbox", [second, first, entry("whole", { inboxId: "theirs" })], { why: "otherOwner", id: "whole" }],
    ["a base of another installation", [second, first, entry("whole", { installationId: "there" })], { why: "otherOwner", id: "whole" }],
    ["a base of another network", [second, first, entry("whole", { network: "dev" })], { why: "otherOwner", id: "whole" }],
    ["a base under another key", [second, first, entry("whole", {}, "other")], { why: "otherOwner", id: "whole" }],
    ["a whole archive in the place of an increment", [second, entry("first")], { why: "order", id: "first" }],
    ["an increment in the place of a whole archive", [second, first, entry("whole", increment("first", 1))], { why: "order", id: "whole" }],
  ])("behavior: %s breaks every later point, and says at which archive", (_name, entries, why) => {
    expect(breakOf(entries, "second")).toEqual(why);
  });

  it("behavior: a break costs only the points that need it", () => {
    const list = [second, entry("first", { ...increment("whole", 1), sha256: "other" }), whole];
    expect(breakOf(list, "second")).toEqual({ why: "altered", id: "first" });
    expect(of(list, "first")).toMatchObject({ chain: ["whole", "first"] });
  });

  it.each([
    ["itself", [entry("x", increment("x", 1))]],
    ["a circle", [entry("x", increment("y", 2)), entry("y", increment("x", 1))]],
    ["the same circle from its other end", [entry("y", increment("x", 1)), entry("x", increment("y", 2))]],
  ])("behavior: a chain that comes to %s is broken", (_name, entries) => {
    for (const { id } of entries) expect(breakOf(entries, id)?.why).toBe("order");
  });

  it("behavior: a chain is joined up to its longest, and no further", () => {
    const row = Array.from({ length: 20_000 }, (_, index) => entry(`${index}`, index === 0 ? {} : increment(`${index - 1}`, index)));
    expect(breakOf(row, `${longestChain}`)).toBeUndefined();
    expect(breakOf(row, `${longestChain + 1}`)).toEqual({ why: "order", id: `${longestChain}` });
    expect(breakOf(row.reverse(), "19999")?.why).toBe("order");
  });
});

describe("changedConversations", () => {
  const rows = fc.array(
    fc.record(
      {
        id: fc.constantFrom("a", "b", "c", "d", "e"),
        messages: fc.nat(3),
        unsent: fc.nat(1),
        later: fc.nat(2),
        revision: fc.nat(2),
        disappears: fc.boolean(),
        wasRemoved: fc.boolean(),
        hasLeft: fc.boolean(),
      },
      { requiredKeys: ["id", "messages"] },
    ),
  );
  const once = (list: readonly ConversationCount[]) => [...new Map(list.map((row) => [row.id, row])).values()];
  const plain = ({ id, messages, unsent = 0, later = 0, revision = 0, ...flags }: ConversationCount) =>
    `${id} ${messages} ${unsent} ${later} ${revision} ${!!flags.disappears} ${!!flags.wasRemoved} ${!!flags.hasLeft}`;

  it("behavior: laid over its base, what changed gives the restore point", () => {
    fc.assert(
      fc.property(rows, rows, (before, after) => {
        const held = once(before);
        // Whoever is gone makes the next backup a whole one.
        const point = once([...held, ...after]);
        const changed = changedConversations({ conversations: held }, point);
        const list = [entry("base", { conversations: held }), entry("point", { ...increment("base", 1), conversations: changed })];
        expect(of(list, "point")?.details?.conversations.map(plain).sort()).toEqual(point.map(plain).sort());
        expect(changed.length).toBeLessThanOrEqual(after.length);
      }),
    );
  });
});
