import { setTimeout as wait } from "node:timers/promises";
import { type Client, ConsentState } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserSdkFiles } from "../../../test/browser/browserSdkFiles.ts";
import { onePage } from "../../../test/browser/onePage.ts";
import { find, textsOf } from "../../node/test/support/chat.ts";
import { lookEveryMs } from "../../node/test/support/lookEvery.ts";
import { until } from "../../../test/until.ts";
import { startWorld, type World } from "../../node/test/support/world.ts";
import { deleteForEveryone } from "../../node/test/support/year.ts";
import type * as script from "./pages/restoredPage.ts";

const anyConsent = [ConsentState.Allowed, ConsentState.Unknown, ConsentState.Denied];
const none = { deleted: 0, expired: 0, unsent: 0, oddDms: 0 };
const hourMs = 3_600_000;

const pageFor = onePage<typeof script>(async () => ({
  entry: new URL("./pages/restoredPage.ts", import.meta.url),
  files: await browserSdkFiles(),
}));

describe("after a restore in Chromium", { timeout: 90_000 }, () => {
  let world: World;
  let bob: Client;
  let carol: Client;
  let dan: Client;
  beforeAll(async () => {
    world = await startWorld();
    bob = await world.open(world.newPerson());
    carol = await world.open(world.newPerson());
    dan = await world.open(world.newPerson());
  });
  afterAll(() => world.dispose());

  /** What is sent meanwhile reaches nobody, and no sender adds a new installation. */
  function refuseMessages(isRefused: boolean): void {
    if (isRefused) world.network.faults.refuse("SendGroupMessages", { times: Infinity, code: "PERMISSION_DENIED" });
    else world.network.faults.clear();
  }

  test("default: a backup from the last one holds what an export of everything would, before and after a restore", async (context) => {
    const { call } = await pageFor(context);
    const { privateKey } = world.newPerson();
    const alice = await call("open", "first", world.network.url, privateKey, 2 * hourMs);
    const family = await call("createGroup", "first", [bob.inboxId], "Family");
    await call("send", "first", family, "Hello");
    const bobs = await bob.conversations.createDm(alice);
    await bobs.sendText("Hi");
    await call("syncAll", "first");
    await call("backUp", "first");
    await call("rename", "first", family, "The family");
    await call("send", "first", family, "More");
    await call("disappearAfter", "first", bobs.id, 1_000 * hourMs);
    await call("decide", "first", bobs.id, "denied");
    await call("createGroup", "first", [carol.inboxId], "Late");
    const before = await call("backUpTwice", "first");
    expect(before.isUpdate).toBe(true);
    expect(before.updated).toEqual(before.fresh);
    expect(before.updated.filter((record) => record.includes('"kind":"group"'))).toHaveLength(3);
    const newest = await call("backUp", "first");
    await call("close", "first");

    await call("open", "second", world.network.url, privateKey, 2 * hourMs);
    await call("restore", "second", newest);
    await call("backUp", "second");
    const dm = await call("createDm", "second", carol.inboxId);
    await call("send", "second", dm, "From the new tab");
    const after = await call("backUpTwice", "second");
    expect(after.isUpdate).toBe(true);
    expect(after.updated).toEqual(after.fresh);
    await call("close", "second");
  });

  test("default: what was there is there, and nothing that was not", async (context) => {
    const { call } = await pageFor(context);
    const { url } = world.network;
    const { privateKey } = world.newPerson();
    const alice = await call("open", "old", url, privateKey);
    const family = await call("createGroup", "old", [bob.inboxId], "Family");
    const own = await call("send", "old", family, "Alice keeps this");
    const blocked = await call("createGroup", "old", [bob.inboxId], "Blocked");
    await call("send", "old", blocked, "Never again");
    const secrets = await call("createGroup", "old", [bob.inboxId], "Secrets");
    await call("disappearAfter", "old", secrets, hourMs);
    await call("send", "old", secrets, "Read it soon");
    const carols = await call("createDm", "old", carol.inboxId);
    await call("send", "old", carols, "Go away");
    const bobs = await bob.conversations.createDm(alice);
    await bobs.sendText("stays");
    const secret = await bobs.sendText("THE SECRET");
    const request = await dan.conversations.createDm(alice);
    await request.sendText("Do you know me?");
    const club = await bob.conversations.createGroup([alice, carol.inboxId], { groupName: "Club" });
    await club.sendText("Welcome");
    for (const client of [bob, carol]) await client.conversations.syncAll(anyConsent);
    const rude = await (await find(bob, family)).sendText("RUDE");
    await call("syncAll", "old");
    for (const id of [family, bobs.id]) await call("decide", "old", id, "allowed");
    for (const id of [blocked, carols]) await call("decide", "old", id, "denied");
    await call("decidePerson", "old", carol.inboxId, "denied");
    const older = await call("backUp", "old");

    await deleteForEveryone(bobs, secret);
    await deleteForEveryone(await find(bob, family), own ?? ""); // Bob is no super admin: this hides nothing.
    await call("deleteForEveryone", "old", family, rude); // Alice is one.
    await call("syncAll", "old");
    await call("decide", "old", bobs.id, "denied");
    await call("decidePerson", "old", bob.inboxId, "denied");
    await call("leave", "old", club.id);
    refuseMessages(true);
    expect(await call("send", "old", family, "Nobody took it")).toBeUndefined();
    refuseMessages(false);
    await call("send", "old", family, "It never left", true);
    const newer = await call("backUp", "old");
    await call("close", "old");

    // The messages of the group with the timer are over by then.
    await call("open", "new", url, privateKey, 2 * hourMs);
    const preview = await call("inspect", "new", newer);
    expect(preview).toMatchObject({
      counts: { conversations: 7, messages: 10 },
      leftOut: { ...none, expired: 1, unsent: 2 },
      unsentMessages: 2,
    });
    const result = await call("restore", "new", newer);
    expect(result).toMatchObject({
      messages: { restored: 10, expected: 10 },
      incompleteConversationIds: [],
      leftOut: preview.leftOut,
      deletedMessages: [],
    });
    expect(Object.fromEntries(result.imported.map(({ id, isNew, messages }) => [id, [isNew, messages]]))).toEqual({
      [family]: [true, 3],
      [blocked]: [true, 1],
      [secrets]: [true, 0],
      [carols]: [true, 1],
      [bobs.id]: [true, 2],
      [request.id]: [true, 1],
      [club.id]: [true, 2],
    });
    expect(await call("restore", "new", older)).toMatchObject({
      messages: { restored: 6, expected: 6 },
      imported: [],
      leftOut: { ...none, deleted: 2, expired: 1 },
    });
    expect(await call("heard", "new")).toEqual([
      { conversations: [] },
      { id: expect.any(String) as string, by: "restore", conversations: result.imported },
    ]);
    expect(await call("seen", "new")).toEqual({
      [family]: { texts: ["Alice keeps this"], consent: "allowed", isActive: false },
      [blocked]: { texts: ["Never again"], consent: "denied", isActive: false },
      [secrets]: { texts: [], consent: "allowed", isActive: false },
      [carols]: { texts: ["Go away"], consent: "denied", isActive: false },
      [bobs.id]: { texts: ["stays"], consent: "denied", isActive: false },
      [request.id]: { texts: ["Do you know me?"], consent: "unknown", isActive: false },
      [club.id]: { texts: ["Welcome"], consent: "allowed", isActive: false },
    });
    for (const { inboxId } of [bob, carol]) expect(await call("consentOf", "new", "person", inboxId)).toBe("denied");
    expect(await call("followed", "new", request.id)).toMatchObject({ status: "waiting", consent: "unknown" });
    expect(await call("followed", "new", club.id)).toMatchObject({
      status: "readOnly",
      hasLeft: true,
      expectation: { outlook: "unlikely", reason: "left" },
      archived: { creatorInboxId: bob.inboxId, superAdminInboxIds: [bob.inboxId] },
    });
    // The SDK names the user as who made it.
    expect(await call("valuesOf", "new", club.id)).toMatchObject({ creatorInboxId: alice, superAdminInboxIds: [alice] });
    expect(valuesIn(await call("inspect", "new", await call("backUp", "new")))).toEqual(valuesIn(preview));

    await wait(lookEveryMs);
    for (const id of [blocked, bobs.id]) await (await find(bob, id)).sendText("Are you there?");
    await (await find(carol, club.id)).sendText("Are you there?");
    for (const id of [blocked, bobs.id]) await until(() => call("canWrite", "new", id), 30_000);
    await until(async () => (await call("listed", "new", { ids: [club.id] }))[0]?.isActive, 30_000);
    const after = await call("seen", "new");
    expect([blocked, bobs.id].map((id) => [after[id]?.consent, after[id]?.isActive])).toEqual([
      ["denied", true],
      ["denied", true],
    ]);
    expect([await call("canWrite", "new", club.id), await call("write", "new", club.id, "Here")]).toEqual([false, "CONVERSATION_INACTIVE"]);
    await call("close", "new");

    await call("open", "last", url, privateKey);
    expect(await call("restore", "last", older)).toMatchObject({ leftOut: none, deletedMessages: [] });
    const kept = await call("restore", "last", newer, { unsent: "keep" });
    expect(kept.deletedMessages.map(({ id }) => id).sort()).toEqual([secret, rude].sort());
    expect(await call("deliveryOf", "last", family)).toEqual({
      "Alice keeps this": "published",
      RUDE: "published",
      "Nobody took it": "failed",
      "It never left": "failed",
    });
    expect((await call("seen", "last"))[bobs.id]).toEqual({ texts: ["stays", "THE SECRET"], consent: "denied", isActive: false });
    await call("close", "last");
  });

  test("behavior: a DM that is made after the restore takes the old one's place, until a newer archive has later messages", async (context) => {
    const { call } = await pageFor(context);
    const { url } = world.network;
    const { privateKey } = world.newPerson();
    await call("open", "phone", url, privateKey);
    const dm = await call("createDm", "phone", bob.inboxId);
    await call("send", "phone", dm, "From the phone");
    // Bob's client looks for devices of a new conversation at its first sync, and then not for half an hour.
    await bob.conversations.syncAll(anyConsent);
    const older = await call("backUp", "phone");
    await call("open", "tab", url, privateKey);
    await call("restore", "tab", older);
    const made = await call("createDm", "tab", bob.inboxId);
    const moved = await until(async () => {
      const state = await call("followed", "tab", dm);
      return state?.status === "active" && state;
    }, 30_000);
    expect(moved).toMatchObject({ activeId: made, activatedBy: "recreating" });
    expect(await call("listedIdOf", "tab", dm)).toBe(made);
    expect([await call("write", "tab", dm, "By the old id"), await call("write", "tab", made, "By the new id")]).toEqual(["sent", "sent"]);
    await bob.conversations.syncAll(anyConsent);
    expect(await textsOf(bob, made)).toEqual(["From the phone", "By the old id", "By the new id"]);

    refuseMessages(true);
    await call("send", "phone", dm, "The latest", true);
    const newer = await call("backUp", "phone");
    await call("close", "phone");
    refuseMessages(false);
    await call("restore", "tab", newer, { unsent: "keep" });
    // The SDK passes what is asked of the active DM on to the one with the latest message.
    expect(await call("listedIdOf", "tab", made)).toBe(dm);
    expect([await call("canWrite", "tab", dm), await call("write", "tab", made, "Too early")]).toEqual([false, "CONVERSATION_INACTIVE"]);
    await (await find(bob, made)).sendText("Are you there?");
    await until(() => call("canWrite", "tab", dm), 30_000);
    expect(await call("write", "tab", dm, "Yes")).toBe("sent");
    await call("close", "tab");
  });

  test("behavior: a DM that was there before the restore can be written again once its person writes", async (context) => {
    const { call } = await pageFor(context);
    const { url } = world.network;
    const { privateKey } = world.newPerson();
    await call("open", "phone", url, privateKey);
    const dm = await call("createDm", "phone", bob.inboxId);
    await call("open", "tab", url, privateKey);
    const made = await call("createDm", "tab", bob.inboxId);
    await call("send", "tab", made, "From the tab");
    refuseMessages(true);
    await call("send", "phone", dm, "The latest", true);
    const entry = await call("backUp", "phone");
    await call("close", "phone");
    refuseMessages(false);
    await call("restore", "tab", entry, { unsent: "keep" });
    expect(await call("listedIdOf", "tab", made)).toBe(dm);
    expect([await call("canWrite", "tab", dm), await call("write", "tab", dm, "Too early")]).toEqual([false, "CONVERSATION_INACTIVE"]);
    await call("stitch", "tab", [dm]);
    await bob.conversations.syncAll(anyConsent);
    await (await find(bob, made)).sendText("Hello, tab");
    await until(() => call("canWrite", "tab", dm), 30_000);
    expect(await call("write", "tab", dm, "Hello, Bob")).toBe("sent");
    await bob.conversations.syncAll(anyConsent);
    expect(await textsOf(bob, made)).toEqual(expect.arrayContaining(["Hello, tab", "Hello, Bob"]));
    await call("close", "tab");
  });

  test("behavior: a DM that was blocked before the restore stays so, and so does the old one with the same person", async (context) => {
    const { call } = await pageFor(context);
    const { url } = world.network;
    const { privateKey } = world.newPerson();
    await call("open", "phone", url, privateKey);
    const dm = await call("createDm", "phone", bob.inboxId);
    const entry = await call("backUp", "phone");
    await call("close", "phone");
    await call("open", "tab", url, privateKey);
    const made = await call("createDm", "tab", bob.inboxId);
    await call("decide", "tab", made, "denied");
    await call("restore", "tab", entry);
    expect([await call("consentOf", "tab", "conversation", dm), await call("consentOf", "tab", "conversation", made)]).toEqual([
      "denied",
      "denied",
    ]);
    await call("close", "tab");
  });
});

/** Who made each conversation, who leads it and when it was made, by an archive. */
function valuesIn({ conversations }: Awaited<ReturnType<typeof script.inspect>>) {
  return Object.fromEntries(
    conversations.map(({ id, createdAtNs, creatorInboxId, addedByInboxId, adminInboxIds, superAdminInboxIds }) => [
      id,
      { createdAtNs, creatorInboxId, addedByInboxId, adminInboxIds, superAdminInboxIds },
    ]),
  );
}
