import { setTimeout as wait } from "node:timers/promises";
import type { BackupsOptions } from "@xmtp-backup/core";
import { type Client, ConsentEntityType, ConsentState } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backupsOf, placesIn } from "./support/backupsOf.ts";
import { dmTexts, find, textsOf } from "./support/chat.ts";
import { currentOf } from "./support/currentOf.ts";
import { lookEveryMs } from "./support/lookEvery.ts";
import { type RestoredPhone, restorePhone } from "./support/restoredPhone.ts";
import { until } from "../../../test/until.ts";
import { startWorld, type World } from "./support/world.ts";

const setting = (recreateDms: "ask" | "auto" | "never"): { options: Partial<BackupsOptions> } => ({
  options: { activation: { recreateDms } },
});

describe("making DMs anew", () => {
  let world: World;
  let bob: Client;
  let phones: Record<"ask" | "auto" | "never" | "denied" | "again" | "oldId" | "rejoined", RestoredPhone>;
  beforeAll(async () => {
    world = await startWorld();
    bob = await world.open(world.newPerson());
    const deny = async (old: Client) => (await old.conversations.createDm(bob.inboxId)).updateConsentState(ConsentState.Denied);
    phones = {
      ask: await restorePhone(world, bob),
      auto: await restorePhone(world, bob, { ...setting("auto"), beforeBackup: writeToOthers }),
      never: await restorePhone(world, bob, setting("never")),
      denied: await restorePhone(world, bob, { ...setting("auto"), beforeBackup: deny }),
      again: await restorePhone(world, bob),
      oldId: await restorePhone(world, bob),
      rejoined: await restorePhone(world, bob),
    };
    await wait(lookEveryMs);
  }, 60_000);
  afterAll(async () => {
    for (const { backups } of Object.values(phones)) backups.stop();
    await world.dispose();
  });

  /** Writes to three more people, of whom the user then denies one, and the conversation with another. */
  async function writeToOthers(old: Client): Promise<void> {
    const dms = [];
    for (const to of ["friend", "denied", "muted"]) {
      const { inboxId } = await world.open(world.newPerson());
      const dm = await old.conversations.createDm(inboxId);
      await dm.sendText(`Hello, ${to}`);
      dms.push({ dm, inboxId });
    }
    const [, denied, muted] = dms;
    await old.preferences.setConsentStates([
      { entityType: ConsentEntityType.InboxId, entity: denied?.inboxId ?? "", state: ConsentState.Denied },
    ]);
    muted?.dm.updateConsentState(ConsentState.Denied);
  }

  it("default: nothing until the user says so; then the history shows in one DM that can be written", { timeout: 60_000 }, async () => {
    const { client, backups, dmId } = phones.ask;
    await client.conversations.sync();
    expect(currentOf(backups.activation$)).toMatchObject({ active: 0, waiting: 2, recreatable: [dmId] });
    expect(await dmsOf(client)).toEqual([dmId]);
    const oldHandle = backups.guardWrites(await find(client, dmId));

    expect(backups.recreateDms()).toEqual([dmId]);
    const { activeId = "", activatedBy } = await activeDm(phones.ask);
    expect([activatedBy, activeId === dmId, await textsOf(client, activeId), await dmsOf(client)]).toEqual([
      "recreating",
      false,
      [...dmTexts],
      [activeId],
    ]);

    await backups.guardWrites(await find(client, activeId)).sendText("A new thread");
    await bob.conversations.syncAll();
    expect(await textsOf(bob, activeId)).toContain("A new thread");
    await oldHandle.sendText("By the old handle");
    await (await find(bob, activeId)).sendText("That I can read");
    await client.conversations.syncAll();
    for (const each of [client, bob])
      expect(await textsOf(each, activeId)).toEqual([...dmTexts, "A new thread", "By the old handle", "That I can read"]);
  });

  it("parameters: recreateDms: auto: by itself, and Bob gets no message of it", { timeout: 60_000 }, async () => {
    const { client } = phones.auto;
    const { activeId = "", activatedBy } = await activeDm(phones.auto);
    expect([activatedBy, await textsOf(client, activeId)]).toEqual(["recreating", [...dmTexts]]);
    await bob.conversations.syncAll();
    expect(await textsOf(bob, activeId)).toEqual([...dmTexts]);
  });

  it("parameters: recreateDms: auto: the most recently used first, and nobody whom the user denied", { timeout: 60_000 }, async () => {
    const { client, backups, dmId } = phones.auto;
    await activeDm(phones.auto);
    const dms = currentOf(backups.activation$).conversations.filter(({ kind }) => kind === "dm");
    const [muted, denied, friend, bobs] = dms.sort((a, b) => (b.lastMessageMs ?? 0) - (a.lastMessageMs ?? 0));
    expect([muted, denied, friend, bobs].map((dm) => [dm?.status, dm?.consent])).toEqual([
      ["waiting", "denied"],
      ["waiting", "allowed"],
      ["active", "allowed"],
      ["active", "allowed"],
    ]);
    expect([bobs?.id, (friend?.activeAtMs ?? 0) < (bobs?.activeAtMs ?? 0)]).toEqual([dmId, true]);
    expect([denied?.isPersonDenied, backups.recreateDms()]).toEqual([true, []]);
    expect((await dmsOf(client)).sort()).toEqual([muted?.id, denied?.id, friend?.activeId, bobs?.activeId].sort());
  });

  it("parameters: recreateDms: never: not even asked", async () => {
    const { client, backups, dmId } = phones.never;
    expect([backups.recreateDms(), backups.recreateDms([dmId]), currentOf(backups.activation$).recreatable]).toEqual([[], [], []]);
    expect(await dmsOf(client)).toEqual([dmId]);
  });

  it("behavior: never with somebody whom the user denied", async () => {
    const { client, backups, dmId, groupId } = phones.denied;
    expect(backups.conversation(dmId).getState()).toMatchObject({
      consent: "denied",
      expectation: { outlook: "unlikely", reason: "denied" },
    });
    expect(backups.recreateDms([dmId])).toEqual([]);
    // A look makes what is to be made anew: another conversation that becomes active shows that one is over.
    await (await find(bob, groupId)).sendText("New phone?");
    await until(() => backups.canWrite(groupId));
    expect(await dmsOf(client)).toEqual([dmId]);
  });

  it("behavior: never twice, whoever made it", { timeout: 60_000 }, async () => {
    const { client, backups, dmId } = phones.again;
    const made = await client.conversations.createDm(bob.inboxId);
    backups.recreateDms([dmId]);
    const { activeId } = await activeDm(phones.again);
    expect([activeId, backups.recreateDms([dmId]), await dmsOf(client)]).toEqual([made.id, [], [made.id]]);
  });

  it("behavior: what was there before the restore is written to, whichever of both the SDK lists", { timeout: 60_000 }, async () => {
    const person = world.newPerson();
    const old = await world.open(person);
    const dm = await old.conversations.createDm(bob.inboxId);
    const client = await world.open(person);
    const own = await client.conversations.createDm(bob.inboxId);
    await own.sendText("From the new phone");
    await dm.sendText("The latest, from the old phone");
    const places = placesIn(world.newPath("places"));
    const { entry } = await backupsOf(old, places).backup().result;
    const backups = backupsOf(client, places);
    await backups.restore(entry).result;

    const [listed] = client.conversations.listDms();
    const byId = await find(client, own.id);
    expect([listed?.id, byId.id, byId.isActive]).toEqual([dm.id, dm.id, false]);
    expect([backups.canWrite(dm.id), backups.canWrite(own.id)]).toEqual([true, true]);
    await backups.guardWrites(listed as typeof dm).sendText("By the list");
    await backups.guardWrites(byId).sendText("By the id");
    await bob.conversations.syncAll();
    expect(await textsOf(bob, own.id)).toEqual(expect.arrayContaining(["From the new phone", "By the list", "By the id"]));
    backups.stop();
  });

  it("behavior: a backup of stitched DMs is complete, and so is its restore", { timeout: 60_000 }, async () => {
    const { client, backups, person, places, dmId } = phones.again;
    const made = await client.conversations.createDm(bob.inboxId);
    await made.sendText("In the new one");
    const { entry } = await backups.backup().result;
    expect([entry.details?.missingMessages, entry.details?.counts.messages]).toEqual([undefined, 5]);
    const third = await world.open(person);
    const after = backupsOf(third, places);
    expect((await after.restore(entry).result).incompleteConversationIds).toEqual([]);
    expect((await textsOf(third, dmId)).sort()).toEqual([...dmTexts, "In the new one"].sort());
    after.stop();
  });

  it("behavior: Bob writes on the old id: the DM is active, by a member", { timeout: 60_000 }, async () => {
    const { client, backups, dmId } = phones.oldId;
    await (await find(bob, dmId)).sendText("On the old id");
    expect(await activeDm(phones.oldId)).toMatchObject({ activeId: dmId, activatedBy: "member" });
    expect([backups.recreateDms([dmId]), await textsOf(client, dmId)]).toEqual([[], [...dmTexts, "On the old id"]]);
  });

  it("behavior: Bob writes on the old id after all: both can be written, and are one entry", { timeout: 60_000 }, async () => {
    const { client, backups, dmId } = phones.rejoined;
    const [bobs, own] = [await find(bob, dmId), await find(client, dmId)];
    backups.recreateDms();
    const { activeId = "" } = await activeDm(phones.rejoined);
    await bobs.sendText("Is this still you?");
    await until(() => backups.conversation(dmId).getState()?.isRejoined);
    expect(backups.conversation(dmId).getState()).toMatchObject({
      status: "active",
      activeId,
      activatedBy: "recreating",
      isRejoined: true,
    });
    await backups.guardWrites(own).sendText("Here");
    await backups.guardWrites(await find(client, activeId)).sendText("And there");
    await bob.conversations.syncAll();
    for (const each of [client, bob])
      expect(await textsOf(each, activeId)).toEqual([...dmTexts, "Is this still you?", "Here", "And there"]);
    expect(await dmsOf(client)).toHaveLength(1);
  });
});

/** The DM once it is active. */
function activeDm({ backups, dmId }: RestoredPhone) {
  return until(() => {
    const state = backups.conversation(dmId).getState();
    return state?.status === "active" && state;
  }, 30_000);
}

/** The ids of the DMs that a list shows, stitched ones as one. */
async function dmsOf(client: Client): Promise<string[]> {
  return client.conversations
    .listDms({ consentStates: [ConsentState.Allowed, ConsentState.Unknown, ConsentState.Denied] })
    .map(({ id }) => id);
}
