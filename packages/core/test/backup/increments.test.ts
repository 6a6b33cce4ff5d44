import { createBackups, describeRetention } from "@xmtp-backup/core";
import { fakeHost, fakeInbox, memoryStore } from "@xmtp-backup/testing";
import { describe, expect, it } from "vitest";
import { local, say, startNs, type World } from "../support/lastWhole.ts";
import { partsOf } from "../support/world.ts";

const nightMs = 86_400_000;
const policy = { increments: { maxShare: 1 }, keep: { last: "all" } } as const;

function setUp(options: Parameters<typeof local>[1] = { policy }): World {
  return local(fakeInbox({ groups: 4, messagesEach: 10, startNs }), options);
}

/** A backup after a night in which somebody wrote. */
async function night(one: World, options: Parameters<World["backups"]["backup"]>[0] = {}) {
  one.clock.advance(nightMs);
  one.host.exportedAtNs += 1_000n;
  const text = `night ${one.clock.now()}`;
  say(one, 0, text);
  return (await one.backups.backup(options).result).entry;
}

async function chainIds(one: World, nights: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < nights; index += 1) ids.push((await night(one)).id);
  return ids;
}

/** What a new installation has after a restore. */
async function restored({ store, keys, clock }: World, id: string): Promise<number> {
  const host = fakeHost({ inbox: fakeInbox({ groups: 0 }) });
  const backups = createBackups({ host, store, keys, clock });
  await backups.restore(id).result;
  return [...host.inbox.conversations.values()].reduce((sum, { messages }) => sum + messages.size, 0);
}

const held = (one: World) => [...one.host.inbox.conversations.values()].reduce((sum, { messages }) => sum + messages.size, 0);

describe("backups as increments", () => {
  it("default: each night is small, and tells what its restore point holds", async () => {
    const one = setUp();
    const whole = await night(one);
    const second = await night(one);
    const third = await night(one);
    expect(whole.details?.increment).toBeUndefined();
    expect(third.details).not.toHaveProperty("updatedFrom");
    expect(third).toMatchObject({ chain: [whole.id, second.id, third.id] });
    expect(third.details).toMatchObject({
      increment: { baseId: second.id, baseSha256: second.details?.sha256, chainLength: 2, replacesConsent: true },
      counts: { conversations: 4, messages: held(one) },
    });
    expect(third.sizeBytes).toBeLessThan(whole.sizeBytes / 3);
    const [newest] = await one.backups.list();
    expect(newest).toMatchObject({ id: third.id, chain: [whole.id, second.id, third.id] });
    expect(newest?.details?.conversations.reduce((sum, { messages }) => sum + messages, 0)).toBe(held(one));
  });

  it("behavior: a restore of a point brings all that it is based on, into a new installation", async () => {
    const one = setUp();
    const [, second = "", third = ""] = await chainIds(one, 3);
    expect(await restored(one, third)).toBe(held(one));
    expect(await restored(one, second)).toBe(held(one) - 1);
    expect((await one.backups.inspect(third)).counts.messages).toBe(held(one));
  });

  it("behavior: a lost archive costs the points that need it, and no earlier one", async () => {
    const one = setUp();
    const [whole = "", second = "", third = ""] = await chainIds(one, 3);
    await one.store.remove(second);
    const entries = await one.backups.list();
    expect(entries.map(({ id, seal }) => [id, seal])).toEqual([
      [third, "chainBroken"],
      [whole, "open"],
    ]);
    await expect(one.backups.restore(third).result).rejects.toMatchObject({ code: "CHAIN_BROKEN" });
    await expect(one.backups.verify(third)).rejects.toMatchObject({ code: "CHAIN_BROKEN" });
    expect(await restored(one, whole)).toBe(held(one) - 2);
    // The next backup builds on nothing that is broken.
    const next = await night(one);
    expect(await restored(one, next.id)).toBe(held(one));
  });

  it("behavior: altered bytes of a base are found before anything is imported, and the next backup is whole", async () => {
    const one = setUp();
    const [whole = "", , third = ""] = await chainIds(one, 3);
    const bytes = one.store.archives.get(whole);
    if (!bytes) throw new Error("There is no archive.");
    bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1;
    const host = fakeHost({ inbox: fakeInbox({ groups: 0 }) });
    const backups = createBackups({ ...partsOf(one), host });
    await expect(backups.restore(third).result).rejects.toMatchObject({ code: "ARCHIVE_DAMAGED" });
    expect(host.inbox.conversations.size).toBe(0);
    await expect(one.backups.verify(third)).rejects.toMatchObject({ code: "ARCHIVE_DAMAGED", archiveId: whole });
    expect((await night(one)).details?.increment).toBeUndefined();
  });

  it("behavior: bytes of a base that are gone are named, and cost no earlier point", async () => {
    const one = setUp();
    const [whole = "", second = "", third = ""] = await chainIds(one, 3);
    one.store.archives.delete(second);
    await expect(one.backups.verify(third)).rejects.toMatchObject({ code: "ARCHIVE_NOT_FOUND", archiveId: second });
    expect(await restored(one, whole)).toBe(held(one) - 2);
    expect(await restored(one, (await night(one)).id)).toBe(held(one));
  });

  it.each([
    ["when it is asked for", { policy }, { whole: true }],
    ["after so many increments", { policy: { ...policy, increments: { maxShare: 1, maxChain: 2 } } }, {}],
    ["when its time has come", { policy: { ...policy, increments: { maxShare: 1, wholeEvery: "3d" } } }, {}],
    ["when the increments weigh too much", { policy: { ...policy, increments: { maxShare: 0.01 } } }, {}],
    ["when everything is exported", { policy }, { fresh: true }],
  ])("behavior: a whole archive is made %s", async (_name, options, asked) => {
    const one = setUp(options);
    await chainIds(one, 3);
    const entry = await night(one, asked);
    expect(entry.details?.increment).toBeUndefined();
    expect(await restored(one, entry.id)).toBe(held(one));
  });

  it("behavior: retention keeps what is needed and says for how many, and pruning removes no base", async () => {
    const one = setUp({ policy: { increments: { maxShare: 1 }, keep: { last: 2 } } });
    const ids = await chainIds(one, 4);
    expect((await one.backups.list()).map(({ id }) => id)).toEqual([...ids].reverse());
    const plan = await one.backups.planRetention();
    expect(plan.map(({ reasons }) => describeRetention(reasons).at(-1))).toEqual([
      "It is the newest whole one that was checked.",
      "One later backup needs it.",
      "2 later backups need it.",
      "2 later backups need it.",
    ]);
    const later = await night(one, { whole: true });
    const last = await night(one);
    expect((await one.backups.list()).map(({ id }) => id)).toEqual([last.id, later.id]);
  });

  it("behavior: a base that is removed while its increment is stored fails the backup, and the next one is whole", async () => {
    const one = setUp();
    const whole = await night(one);
    const { put } = one.store;
    one.store.put = async (...call) => {
      await put(...call);
      one.store.put = put;
      await one.store.remove(whole.id);
    };
    await expect(night(one)).rejects.toMatchObject({ code: "STORE_MISMATCH", archiveId: whole.id });
    expect(await one.backups.list()).toEqual([]);
    const next = await night(one);
    expect(next.details?.increment).toBeUndefined();
    expect(await restored(one, next.id)).toBe(held(one));
  });

  it("behavior: pruning leaves what the new archive is based on, though a later one appears meanwhile", async () => {
    const one = setUp({ policy: { increments: { maxShare: 1 }, keep: { last: 1, larger: false } } });
    const { archives, manifests } = one.store;
    const take = (id: string) => {
      const taken = [archives.get(id), manifests.get(id)] as const;
      archives.delete(id);
      manifests.delete(id);
      return () => {
        if (taken[0]) archives.set(id, taken[0]);
        if (taken[1]) manifests.set(id, taken[1]);
      };
    };
    const whole = await night(one);
    const putWholeBack = take(whole.id);
    one.clock.advance(5 * nightMs);
    const later = await night(one, { fresh: true });
    const putLaterBack = take(later.id);
    putWholeBack();
    one.clock.advance(-4 * nightMs);
    const { put } = one.store;
    one.store.put = async (...call) => {
      await put(...call);
      one.store.put = put;
      putLaterBack();
      one.clock.advance(9 * nightMs);
    };
    const made = await night(one);
    expect(made.createdAtMs).toBeLessThan(later.createdAtMs);
    expect((await one.backups.list()).map(({ id, seal }) => [id, seal])).toEqual([
      [later.id, "open"],
      [made.id, "open"],
      [whole.id, "open"],
    ]);
  });

  it("behavior: an archive that others need is not removed, and the newest can be", async () => {
    const one = setUp();
    const [whole = "", second = ""] = await chainIds(one, 2);
    await expect(one.backups.remove(whole)).rejects.toMatchObject({ code: "ARCHIVE_NEEDED" });
    await one.backups.remove(second);
    await one.backups.remove(whole);
    expect(await one.backups.list()).toEqual([]);
  });

  it("behavior: a consolidated point is a whole archive in the place of its increment", async () => {
    const one = setUp();
    const [whole = "", second = "", third = ""] = await chainIds(one, 3);
    await one.backups.rename(third, "Mine");
    const entry = await one.backups.consolidate(third);
    expect(entry.details).toMatchObject({ name: "Mine", counts: { messages: held(one) } });
    expect(entry.details?.increment).toBeUndefined();
    expect((await one.backups.list()).map(({ id }) => id)).toEqual([entry.id, second, whole]);
    expect(await restored(one, entry.id)).toBe(held(one));
    expect(await one.backups.consolidate(entry)).toMatchObject({ id: entry.id });
  });

  it("behavior: a point can be verified, renamed and pinned, and its chain stays joined", async () => {
    const one = setUp();
    const [whole = "", second = ""] = await chainIds(one, 2);
    await one.backups.verify(second);
    await one.backups.rename(whole, "First");
    await one.backups.pin(second);
    expect((await one.backups.list())[0]).toMatchObject({ id: second, chain: [whole, second], details: { pinned: true } });
    expect(await restored(one, second)).toBe(held(one));
  });

  it("behavior: a store that is far away gets increments too, made from copies on this device", async () => {
    const one = setUp();
    const store = Object.assign(memoryStore(one.clock.now), { features: { ...one.store.features, local: false } });
    const far: World = { ...one, store, backups: createBackups({ ...partsOf({ ...one, store }), policy }) };
    const [, , third = ""] = await chainIds(far, 3);
    expect((await far.backups.list())[0]).toMatchObject({ id: third, chain: { length: 3 } });
    expect(await restored(far, third)).toBe(held(far));
  });
});
