import { ConsentEntityType, ConsentState } from "@xmtp/node-sdk";
import type { RestoreState } from "@xmtp-backup/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backupsOf } from "./support/backupsOf.ts";
import { dmTexts, find, groupTexts, textsOf } from "./support/chat.ts";
import { asInactive, contentOf, isAllowed } from "./support/contentOf.ts";
import { expectNothingLeft } from "./support/expectRefused.ts";
import { filesIn } from "./support/filesIn.ts";
import { startTalk, type Talk } from "./support/talk.ts";

describe("restore", () => {
  let talk: Talk;
  beforeAll(async () => {
    talk = await startTalk();
  });
  afterAll(() => talk.world.dispose());

  it("default: a new installation lists everything, read-only", async () => {
    const { world, alice, phone, bob, group, dm } = talk;
    const places = talk.newPlaces();
    await backupsOf(phone, places).backup().result;
    const files = await filesIn(places.directory);
    const fresh = await world.open(alice);
    const backups = backupsOf(fresh, places);
    const [latest] = await backups.list();
    const task = backups.restore(latest!);
    const states: RestoreState[] = [task.getState()];
    task.subscribe(() => states.push(task.getState()));
    const result = await task.result;
    expect({ ...result, inactiveConversationIds: result.inactiveConversationIds.sort() }).toMatchObject({
      conversations: { restored: 2, expected: 2 },
      messages: { restored: 4, expected: 4 },
      consentRecords: 3,
      inactiveConversationIds: [group.id, dm.id].sort(),
      incompleteConversationIds: [],
      orphanMessages: 0,
      unimportableRecords: 0,
    });
    const stages = states.map((state) => (state.status === "running" ? state.stage : state.status));
    expect(stages.filter((stage, index) => stage !== stages[index - 1])).toEqual([
      "preparing",
      "fetching",
      "verifying",
      "importing",
      "checking",
      "cleaning",
      "succeeded",
    ]);

    expect(await contentOf(fresh)).toEqual(asInactive(await contentOf(phone)));
    expect(await textsOf(fresh, group.id)).toEqual(groupTexts);
    expect(await textsOf(fresh, dm.id)).toEqual(dmTexts);
    expect(await find(fresh, group.id)).toMatchObject({ name: "Lisbon in May" });
    expect(await find(fresh, dm.id)).toMatchObject({ peerInboxId: bob.inboxId });
    expect(await isAllowed(fresh, bob.inboxId)).toBe(true);
    expect(await filesIn(places.directory)).toEqual(files);
    await expectNothingLeft(fresh);
    backups.stop();
  });

  it("behavior: consent only brings consent back, and no conversation", async () => {
    const { world, alice, phone, bob } = talk;
    const places = talk.newPlaces();
    const { entry } = await backupsOf(phone, places).backup({ elements: ["consent"] }).result;
    const fresh = await world.open(alice);
    const result = await backupsOf(fresh, places).restore(entry).result;
    expect(result).toMatchObject({ conversations: { restored: 0, expected: 0 }, consentRecords: 3, inactiveConversationIds: [] });
    expect(await contentOf(fresh)).toEqual([]);
    expect(await isAllowed(fresh, bob.inboxId)).toBe(true);
  });

  it("behavior: twice changes nothing", async () => {
    const { world, alice, phone } = talk;
    const places = talk.newPlaces();
    const { entry } = await backupsOf(phone, places).backup().result;
    const fresh = await world.open(alice);
    const backups = backupsOf(fresh, places);
    const once = await backups.restore(entry).result;
    const content = await contentOf(fresh);
    expect(await backups.restore(entry).result).toEqual({ ...once, imported: [] });
    expect(await contentOf(fresh)).toEqual(content);
    backups.stop();
  });

  it("behavior: onto a client that has the same data, it adds nothing and deactivates nothing", async () => {
    const { phone } = talk;
    const backups = backupsOf(phone, talk.newPlaces());
    const { entry } = await backups.backup().result;
    const before = await contentOf(phone);
    const result = await backups.restore(entry).result;
    expect(result).toMatchObject({ messages: { restored: 4, expected: 4 }, inactiveConversationIds: [], incompleteConversationIds: [] });
    expect(await contentOf(phone)).toEqual(before);
    expect(before.every(({ isActive }) => isActive)).toBe(true);
  });

  it("behavior: onto a client that has other data, it adds and keeps what is there, later consent too", async () => {
    const { world, alice, phone, bob } = talk;
    const places = talk.newPlaces();
    const { entry } = await backupsOf(phone, places).backup().result;
    const archived = await contentOf(phone);
    const tablet = await world.open(alice);
    const own = await tablet.conversations.createGroup([bob.inboxId], { groupName: "Only on the tablet" });
    await own.sendText("Written before the restore");
    await tablet.preferences.setConsentStates([{ entityType: ConsentEntityType.InboxId, entity: bob.inboxId, state: ConsentState.Denied }]);
    const before = await contentOf(tablet);
    const backups = backupsOf(tablet, places);
    await backups.restore(entry).result;
    const after = await contentOf(tablet);
    expect(await isAllowed(tablet, bob.inboxId)).toBe(false);
    expect(after).toEqual([...before, ...asInactive(archived)].sort((a, b) => (a.id < b.id ? -1 : 1)));
    await own.sendText("Written after it");
    expect(await textsOf(tablet, own.id)).toEqual(["Written before the restore", "Written after it"]);
    backups.stop();
  });

  it("behavior: a newer archive fills the gap after an older one, without duplicates", async () => {
    const { world, bob } = talk;
    const person = world.newPerson();
    const phone = await world.open(person);
    const places = talk.newPlaces();
    const group = await phone.conversations.createGroup([bob.inboxId]);
    await group.sendText("one");
    const { entry: older } = await backupsOf(phone, places).backup({ name: "older" }).result;
    await group.sendText("two");
    const { entry: newer } = await backupsOf(phone, places).backup({ name: "newer" }).result;
    const fresh = await world.open(person);
    const backups = backupsOf(fresh, places);
    for (const [entry, texts] of [
      [older, ["one"]],
      [newer, ["one", "two"]],
      [older, ["one", "two"]],
    ] as const) {
      await backups.restore(entry).result;
      expect(await textsOf(fresh, group.id)).toEqual(texts);
    }
    backups.stop();
  });

  it("parameters: confirm: shows what it would bring, and nothing reaches the client until it is confirmed", async () => {
    const { world, alice, phone } = talk;
    const places = talk.newPlaces();
    const { entry } = await backupsOf(phone, places).backup({ name: "Asks first" }).result;
    const fresh = await world.open(alice);
    const backups = backupsOf(fresh, places);
    const ask = () => {
      const task = backups.restore(entry, { confirm: true });
      return new Promise<{ task: typeof task }>((resolve) =>
        task.subscribe(() => task.getState().status === "awaitingConfirmation" && resolve({ task })),
      );
    };
    const { task: declined } = await ask();
    expect(declined.getState()).toMatchObject({ preview: { name: "Asks first", counts: { conversations: 2, messages: 4 } } });
    expect(await contentOf(fresh)).toEqual([]);
    await declined.cancel();
    expect([declined.getState().status, await contentOf(fresh)]).toEqual(["cancelled", []]);
    const { task: confirmed } = await ask();
    confirmed.confirm();
    expect(await confirmed.result).toMatchObject({ messages: { restored: 4 } });
    backups.stop();
  });
});
