import { setTimeout as wait } from "node:timers/promises";
import type { Client } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backdateLooks } from "./support/backdateLooks.ts";
import { dmTexts, find, groupTexts, textsOf } from "./support/chat.ts";
import { closeClient } from "./support/closeClient.ts";
import { lookEveryMs } from "./support/lookEvery.ts";
import { type RestoredPhone, restorePhone } from "./support/restoredPhone.ts";
import { until } from "../../../test/until.ts";
import { startWorld, type World } from "./support/world.ts";

type Case = "text" | "receipt" | "early" | "sync" | "syncLater" | "syncAllLater" | "otherSends" | "otherSyncs";

describe("what makes a restored conversation active", () => {
  let world: World;
  let bob: Client;
  /** Somebody whose app looked for new installations more than half an hour ago. */
  let carol: Client;
  let phones: Record<Case, RestoredPhone>;
  beforeAll(async () => {
    world = await startWorld();
    bob = await world.open(world.newPerson());
    const carolsPhone = { person: world.newPerson(), dbPath: world.newPath("carol.db3") };
    const openCarol = () => world.open(carolsPhone.person, { dbPath: carolsPhone.dbPath, encrypted: false });
    carol = await openCarol();
    phones = {
      text: await restorePhone(world, bob),
      receipt: await restorePhone(world, bob),
      early: await restoreAndSendEarly(),
      sync: await restorePhone(world, bob, { beforeBackup: unseen("groupId", "dmId") }),
      syncLater: await restorePhone(world, carol),
      syncAllLater: await restorePhone(world, carol, { beforeBackup: unseen("groupId") }),
      otherSends: await restorePhone(world, bob),
      otherSyncs: await restorePhone(world, bob),
    };
    await closeClient(carol);
    backdateLooks(carolsPhone.dbPath, 31);
    carol = await openCarol();
    await wait(lookEveryMs);
  });
  afterAll(async () => {
    for (const { backups } of Object.values(phones)) backups.stop();
    await world.dispose();
  });

  it("default: a member sends: that conversation", async () => {
    const { groupId } = phones.text;
    await (await find(bob, groupId)).sendText("New phone?");
    await becomesActive(phones.text, groupId, "member");
    expect(await activeIds(phones.text)).toEqual([groupId]);
    expect(await textsOf(phones.text.client, groupId)).toEqual([...groupTexts, "New phone?"]);
  });

  it("behavior: a member sends a read receipt: that conversation", async () => {
    const { dmId } = phones.receipt;
    await (await find(bob, dmId)).sendReadReceipt();
    await becomesActive(phones.receipt, dmId, "member");
    expect(await activeIds(phones.receipt)).toEqual([dmId]);
  });

  it("behavior: a member sends less than 5 s after their last look: nothing, and the next message does", async () => {
    const { client, groupId } = phones.early;
    expect(await textsOf(bob, groupId)).toContain("Too early");
    expect(await activeIds(phones.early)).toEqual([]);
    await (await find(bob, groupId)).sendText("Late enough");
    await becomesActive(phones.early, groupId, "member");
    expect(await textsOf(client, groupId)).toEqual([...groupTexts, "Late enough"]);
  });

  it("behavior: a member syncs one conversation and everything within half an hour: nothing, though there is something new", async () => {
    const { groupId, dmId } = phones.sync;
    await (await find(bob, groupId)).sync();
    await bob.conversations.syncAll();
    expect([await textsOf(bob, groupId), await textsOf(bob, dmId)]).toEqual([
      [...groupTexts, news],
      [...dmTexts, news],
    ]);
    expect(await activeIds(phones.sync)).toEqual([]);
  });

  it("behavior: a member syncs a conversation half an hour after their last look: that conversation", async () => {
    const { groupId } = phones.syncLater;
    await (await find(carol, groupId)).sync();
    await becomesActive(phones.syncLater, groupId, "member");
    expect(await activeIds(phones.syncLater)).toEqual([groupId]);
  });

  it("behavior: a member syncs everything half an hour after their last look: the conversations with something new", async () => {
    const { groupId } = phones.syncAllLater;
    await carol.conversations.syncAll();
    await becomesActive(phones.syncAllLater, groupId, "member");
    expect(await activeIds(phones.syncAllLater)).toEqual([groupId]);
  });

  it("behavior: the user's other installation sends: that conversation, and the others are expected soon", async () => {
    const { old, client, backups, groupId, dmId } = phones.otherSends;
    await (await find(old, groupId)).sendText("From the old phone");
    await becomesActive(phones.otherSends, groupId, "otherInstallation");
    expect(await activeIds(phones.otherSends)).toEqual([groupId]);
    expect(await textsOf(client, groupId)).toEqual([...groupTexts, "From the old phone"]);
    expect(backups.conversation(dmId).getState()).toMatchObject({
      status: "waiting",
      expectation: { outlook: "soon", reason: "otherInstallation" },
    });
  });

  it("behavior: the user's other installation syncs without device sync: nothing", async () => {
    await phones.otherSyncs.old.conversations.sync();
    await phones.otherSyncs.old.conversations.syncAll();
    expect(await activeIds(phones.otherSyncs)).toEqual([]);
  });

  /** Restores and lets Bob send before 5 s have passed since he joined; on a machine that is too slow for that, once more. */
  async function restoreAndSendEarly(): Promise<RestoredPhone> {
    const startMs = Date.now();
    const phone = await restorePhone(world, bob);
    await (await find(bob, phone.groupId)).sendText("Too early");
    return Date.now() - startMs < 5_000 ? phone : restoreAndSendEarly();
  }
});

const news = "Something new";

/** Sends what the others have not fetched yet. */
function unseen(...conversations: ("groupId" | "dmId")[]) {
  return async (old: Client, ids: { groupId: string; dmId: string }): Promise<void> => {
    for (const name of conversations) await (await find(old, ids[name])).sendText(news);
  };
}

function becomesActive({ backups }: RestoredPhone, id: string, activatedBy: string): Promise<void> {
  return until(() => backups.canWrite(id)).then(() =>
    expect(backups.conversation(id).getState()).toMatchObject({ status: "active", activatedBy, activeId: id }),
  );
}

/** What is active once the new phone has synced, as the SDK and the plugin say alike. */
async function activeIds({ client, backups, groupId, dmId }: RestoredPhone): Promise<string[]> {
  await client.conversations.sync();
  const active: string[] = [];
  for (const id of [groupId, dmId]) if ((await find(client, id)).isActive) active.push(id);
  expect([groupId, dmId].filter((id) => backups.canWrite(id))).toEqual(active);
  return active;
}
