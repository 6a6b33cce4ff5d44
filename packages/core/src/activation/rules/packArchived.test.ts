import { describe, expect, it } from "vitest";
import type { DatedValues } from "../../archives/archivedValues.ts";
import { packArchived, unpackArchived } from "./packArchived.ts";

const archived: DatedValues = {
  exportedAtNs: 2n ** 60n + 1n,
  createdAtNs: -5n,
  creatorInboxId: "bob",
  addedByInboxId: "carol",
  adminInboxIds: ["dave"],
  superAdminInboxIds: ["bob", "erin"],
};
const written = (note: { conversations: { id: string; archived?: DatedValues }[] }) => JSON.stringify(packArchived(note));
const roundTrip = (note: { conversations: { id: string; archived?: DatedValues }[] }) =>
  unpackArchived(JSON.parse(written(note)) as typeof note);

describe("packArchived", () => {
  it("default: what is packed comes back, exact to the nanosecond", () => {
    const { creatorInboxId: _creator, ...nameless } = archived;
    const note = { conversations: [{ id: "1", archived }, { id: "2" }, { id: "3", archived: nameless }], notices: {} };
    expect(roundTrip(note)).toEqual(note);
  });

  it("behavior: a note that carries nothing stays as it is", () => {
    const note = { conversations: [{ id: "1" }] };
    expect(packArchived(note)).toBe(note);
    expect(roundTrip(note)).toEqual(note);
  });

  it("behavior: five thousand conversations with the same people take some 70 bytes each", () => {
    const [own, bob] = ["a".repeat(64), "b".repeat(64)];
    const values = {
      exportedAtNs: 1_790_000_000_000_000_000n,
      creatorInboxId: own,
      addedByInboxId: bob,
      adminInboxIds: [bob],
      superAdminInboxIds: [own],
    };
    const conversations = Array.from({ length: 5_000 }, (_, number) => ({
      id: `${number}`,
      archived: { ...values, createdAtNs: 1_790_000_000_000_000_000n + BigInt(number) },
    }));
    const plain = written({ conversations: conversations.map(({ id }) => ({ id })) });
    expect(written({ conversations }).length - plain.length).toBeLessThan(5_000 * 70);
  });

  it.each([
    ["no list", "text"],
    ["a number that names no text", [0, "1", 9, 0, [], []]],
    ["no time", [0, "soon", null, 0, [], []]],
    ["no admins", [0, "1", null, 0]],
    ["a text in place of a number", [0, "1", "0", 0, [], []]],
  ])("parameters: values that are %s are left out, and nothing else", (_which, broken) => {
    const note = { conversations: [{ id: "1", archived: broken }], notices: {}, texts: ["5"] } as unknown as {
      conversations: { id: string }[];
    };
    expect(unpackArchived(note)).toEqual({ conversations: [{ id: "1" }], notices: {} });
  });

  it("behavior: values whose texts an older app has dropped are left out", () => {
    const { texts: _texts, ...dropped } = JSON.parse(written({ conversations: [{ id: "1", archived }] })) as {
      texts: unknown;
      conversations: { id: string }[];
    };
    expect(unpackArchived(dropped)).toEqual({ conversations: [{ id: "1" }] });
  });
});
