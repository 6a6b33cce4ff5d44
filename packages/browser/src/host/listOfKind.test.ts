import type { BrokenConversation } from "@xmtp-backup/core";
import type { Client } from "@xmtp/browser-sdk";
import { describe, expect, it } from "vitest";
import { listOfKind } from "./listOfKind.ts";

type Times = { createdAfterNs?: bigint; createdBeforeNs?: bigint };

/** Lists by the time of creation, as the SDK's worker does: it fails as a whole when one in the range is broken. */
function lists(all: readonly { id: string; createdAtNs: bigint; isBroken: boolean }[]) {
  const list = async ({ createdAfterNs = -1n, createdBeforeNs = 2n ** 63n }: Times) => {
    const found = all.filter(({ createdAtNs }) => createdAtNs > createdAfterNs && createdAtNs < createdBeforeNs);
    const broken = found.find(({ isBroken }) => isBroken);
    if (broken) throw new Error(`group ${broken.id} has no metadata`);
    return found;
  };
  return { conversations: { listGroups: list, listDms: list } } as unknown as Client;
}

const groups = (count: number, isBroken: (index: number) => boolean) =>
  Array.from({ length: count }, (_, index) => ({
    id: index.toString(16).padStart(32, "0"),
    createdAtNs: 1_700_000_000_000_000_000n + BigInt(index) * 86_400_123_456_789n,
    isBroken: isBroken(index),
  }));

async function read(all: ReturnType<typeof groups>) {
  const broken: BrokenConversation[] = [];
  const found = await listOfKind(lists(all), "group", { signal: undefined, onBroken: (each) => broken.push(each) });
  return { found: found.map(({ id }) => id), broken };
}

describe("listOfKind", () => {
  it("behavior: a broken conversation is named, and hides no other", async () => {
    const all = groups(9, (index) => index === 4);
    const { found, broken } = await read(all);
    expect(found.sort()).toEqual(all.filter(({ isBroken }) => !isBroken).map(({ id }) => id));
    expect(broken).toEqual([{ id: all[4]?.id, kind: "group", createdAtNs: all[4]?.createdAtNs }]);
  });

  it("behavior: hundreds of broken ones stop nothing, and hide few others", async () => {
    const all = groups(400, (index) => index % 4 !== 0);
    const { found, broken } = await read(all);
    expect(found.length).toBeGreaterThan(90);
    expect(broken.length).toBeGreaterThan(250);
    expect(broken.every(({ kind, id }) => kind === "group" && id !== undefined)).toBe(true);
  });

  it("behavior: where nothing at all can be listed, before or after, no conversation is at fault", async () => {
    const client = lists(groups(9, (index) => index === 4));
    const { listGroups } = client.conversations;
    let left = 40;
    client.conversations.listGroups = async (options) => {
      if ((left -= 1) < 0) throw new Error("the worker is gone");
      return listGroups(options);
    };
    await expect(listOfKind(client, "group", { signal: undefined, onBroken: () => undefined })).rejects.toThrow("the worker is gone");
    await expect(listOfKind(client, "group", { signal: undefined, onBroken: () => undefined })).rejects.toThrow("the worker is gone");
  });
});
