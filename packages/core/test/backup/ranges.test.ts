import type { ExportRequest, MessageRange } from "@xmtp-backup/core";
import { type FakeConversation, type fakeHost, fakeInbox } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";
import { newInstallation, world } from "../support/world.ts";

const createdNs = 1_700_000_000_000_000_000n;
/** Group 0 has messages 1 to 3, a second apart, and group 1 messages 4 to 6. */
const sentNs = (message: number) => createdNs + BigInt(message) * 1_000_000_000n;

function rangesOf(host: ReturnType<typeof fakeHost>): MessageRange[] {
  const ranges: MessageRange[] = [];
  const exportArchive = host.exportArchive.bind(host);
  vi.spyOn(host, "exportArchive").mockImplementation(({ startNs, endNs, ...request }: ExportRequest, key, options) => {
    const range = { ...(startNs !== undefined && { startNs }), ...(endNs !== undefined && { endNs }) };
    ranges.push(range);
    return exportArchive({ ...request, ...range }, key, options);
  });
  return ranges;
}

function conversationsOf(host: ReturnType<typeof fakeHost>): [FakeConversation, FakeConversation] {
  const [first, second] = host.inbox.conversations.values();
  if (!first || !second) throw new Error("The inbox is smaller than it was.");
  return [first, second];
}

describe("a backup of a range", () => {
  it("default: exports the range, and of the time before it the moments at which its conversations were created", async () => {
    const one = world();
    const [first, second] = conversationsOf(one.host);
    second.createdAtNs = sentNs(-1_000);
    const ranges = rangesOf(one.host);
    const { entry } = await one.backups.backup({ startNs: sentNs(2) }).result;
    // With hardly a message between them, the two moments are one range.
    expect(ranges).toEqual([{ startNs: sentNs(2) }, { startNs: second.createdAtNs - 1n, endNs: first.createdAtNs + 1n }]);
    expect(entry.details).toMatchObject({ counts: { conversations: 2, messages: 4 } });
    expect(entry.details).not.toHaveProperty("lacks");
    const two = newInstallation(one);
    expect(await two.backups.restore(entry).result).toMatchObject({ messages: { restored: 4, expected: 4 }, orphanMessages: 0 });
    expect(one.host.unreleased).toBe(0);
  });

  it("behavior: of a conversation that was restored, the moment after the range", async () => {
    const { backups, host } = world();
    const [first, second] = conversationsOf(host);
    first.createdAtNs = second.createdAtNs = sentNs(9_000);
    const ranges = rangesOf(host);
    const { entry } = await backups.backup({ endNs: sentNs(3) }).result;
    expect(ranges).toEqual([{ endNs: sentNs(3) }, { startNs: sentNs(9_000) - 1n, endNs: sentNs(9_000) + 1n }]);
    expect(entry.details).toMatchObject({ counts: { conversations: 1, messages: 3 } });
  });

  it("behavior: no moment of a conversation that was created in the range, or is silent in it", async () => {
    const { backups, host } = world();
    const [, second] = conversationsOf(host);
    second.createdAtNs = sentNs(4) - 1n;
    const ranges = rangesOf(host);
    await backups.backup({ startNs: sentNs(3) }).result;
    expect(ranges).toEqual([{ startNs: sentNs(3) }]);
  });

  it("behavior: each DM of a stitched pair comes along", async () => {
    const one = world({ inbox: fakeInbox({ groups: 0, dms: 1 }) });
    const [dm] = one.host.inbox.conversations.values();
    if (!dm) throw new Error("The inbox is smaller than it was.");
    one.host.inbox.conversations.set("0a".repeat(16), { ...dm, id: "0a".repeat(16), createdAtNs: sentNs(-50_000) });
    const { entry } = await one.backups.backup({ startNs: sentNs(1) }).result;
    expect(entry.details).toMatchObject({ counts: { conversations: 2, messages: 2 } });
  });

  it.each([
    ["whose creation the SDK does not tell", 0n],
    ["that the SDK dates wrongly", sentNs(-77)],
  ])("behavior: a conversation %s is looked for in all the time before", async (_name, listedNs) => {
    const one = world();
    const [first, second] = conversationsOf(one.host);
    second.createdAtNs = sentNs(-1_000);
    const listConversations = one.host.listConversations.bind(one.host);
    vi.spyOn(one.host, "listConversations").mockImplementation(async (options) =>
      (await listConversations(options)).map((each) => (each.id === first.id ? { ...each, createdAtNs: listedNs } : each)),
    );
    const ranges = rangesOf(one.host);
    const { entry } = await one.backups.backup({ startNs: sentNs(2) }).result;
    expect(ranges.at(-1)).toEqual({ endNs: sentNs(2) });
    expect(entry.details).toMatchObject({ counts: { conversations: 2, messages: 4 } });
    const two = newInstallation(one);
    expect(await two.backups.restore(entry).result).toMatchObject({ messages: { restored: 4 }, orphanMessages: 0 });
  });

  it("behavior: nothing is looked for that the client can't read", async () => {
    const { backups, host } = world();
    const [first] = conversationsOf(host);
    host.breakConversation(first.id);
    const ranges = rangesOf(host);
    const { entry } = await backups.backup({ startNs: sentNs(2) }).result;
    expect(ranges).not.toContainEqual({ endNs: sentNs(2) });
    expect(entry.details?.lacks?.conversations).toMatchObject([{ id: first.id, isBroken: true }]);
  });
});
