import { afterEach, describe, expect, test } from "vitest";

import { closeClient, newInstallation, newSigner } from "./support/sdkClient.ts";
import { until } from "../../../test/until.ts";
import { useDirectory } from "./support/useDirectory.ts";
import { useNetworks } from "./support/useNetwork.ts";

const directory = useDirectory();
const start = useNetworks();

type Installation = Awaited<ReturnType<typeof newInstallation>>;
type Options = Partial<Parameters<typeof newInstallation>[0]>;

const open: Installation[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => closeClient(client)));
});

async function install(url: string, options?: Options): Promise<Installation> {
  const client = await newInstallation({ url, directory, ...options });
  open.push(client);
  return client;
}

/** The texts that a client sees in a conversation after it synced. */
async function textsIn(client: Installation, conversationId: string): Promise<unknown[]> {
  await client.conversations.sync();
  const conversation = await client.conversations.getConversationById(conversationId);
  if (conversation === undefined) return [];
  await conversation.sync();
  const messages = await conversation.messages();
  return messages.map(({ content }) => content).filter((content) => typeof content === "string");
}

describe("@xmtp/node-sdk", () => {
  test("default", async () => {
    const network = await start();
    const [alice, bob] = [await install(network.url), await install(network.url)];
    const reachable = await alice.canMessage([bob.accountIdentifier!]);
    expect([...reachable.values()]).toEqual([true]);

    const group = await alice.conversations.createGroup([bob.inboxId], { groupName: "Friends" });
    const dm = await alice.conversations.createDm(bob.inboxId);
    await group.sendText("to all");
    await dm.sendText("to you");
    expect(await textsIn(bob, group.id)).toEqual(["to all"]);
    expect(await textsIn(bob, dm.id)).toEqual(["to you"]);

    const answer = await bob.conversations.getConversationById(group.id);
    await answer!.sendText("and back");
    expect(await textsIn(alice, group.id)).toEqual(["to all", "and back"]);
    expect(network.stats()).toMatchObject({ inboxes: 2, installations: 2, identityUpdates: 2, groups: 2 });
  });

  test("behavior: streams messages and conversations", async () => {
    const network = await start();
    const [alice, bob] = [await install(network.url), await install(network.url)];
    const received: unknown[] = [];
    const stream = await bob.conversations.streamAllMessages({
      onValue: ({ content }) => void (typeof content === "string" && received.push(content)),
    });
    await until(() => network.stats().openSubscriptions.welcomeMessages > 0);
    const dm = await alice.conversations.createDm(bob.inboxId);
    for (const text of ["one", "two", "three"]) await dm.sendText(text);
    await until(() => received.length === 3);
    expect(received).toEqual(["one", "two", "three"]);
    await stream.end();
    await until(() => network.stats().openSubscriptions.groupMessages === 0);
  });

  test("behavior: a second installation is added when a member sends", async () => {
    const network = await start();
    const signer = newSigner();
    const [alice, bob] = [await install(network.url), await install(network.url, { signer })];
    const group = await alice.conversations.createGroup([bob.inboxId]);
    await group.sendText("before");

    const second = await install(network.url, { signer });
    expect(second.inboxId).toBe(bob.inboxId);
    expect(second.installationId).not.toBe(bob.installationId);
    // The sender looks for new installations at most once in 5 s.
    let sent = 0;
    await until(async () => {
      await group.sendText(`after ${(sent += 1)}`);
      return (await textsIn(second, group.id)).length > 0;
    });
    expect((await textsIn(second, group.id)).every((text) => String(text).startsWith("after"))).toBe(true);
    expect(network.stats()).toMatchObject({ inboxes: 2, installations: 3 });
  });

  test("behavior: retries a call that was refused, and sends once when an answer was lost", async () => {
    const network = await start();
    const [alice, bob] = [await install(network.url), await install(network.url)];
    const dm = await alice.conversations.createDm(bob.inboxId);
    network.faults.refuse("SendGroupMessages");
    network.faults.drop("SendGroupMessages", { kind: "answer" });
    await dm.sendText("hello");
    expect(network.stats().calls.SendGroupMessages).toBeGreaterThanOrEqual(4);
    expect(await textsIn(bob, dm.id)).toEqual(["hello"]);
  });

  test("behavior: goes on after the network was away", async () => {
    const network = await start();
    const [alice, bob] = [await install(network.url), await install(network.url)];
    const dm = await alice.conversations.createDm(bob.inboxId);
    network.faults.offline(true);
    await expect(bob.conversations.sync()).rejects.toThrow();
    network.faults.offline(false);
    await dm.sendText("back");
    expect(await textsIn(bob, dm.id)).toEqual(["back"]);
  });

  test("behavior: history sync carries an archive to the user's second installation", async () => {
    const network = await start();
    const signer = newSigner();
    const [first, peer] = [await install(network.url, { signer, deviceSync: true }), await install(network.url)];
    const dm = await first.conversations.createDm(peer.inboxId);
    await dm.sendText("old");

    const second = await install(network.url, { signer, deviceSync: true });
    const pin = "1234";
    await until(async () => {
      await first.conversations.syncAll();
      await first.sendSyncArchive(pin, undefined, network.url);
      await second.syncAllDeviceSyncGroups();
      return second.listAvailableArchives(1).length > 0;
    });
    await second.processSyncArchive(pin);
    const texts = await second.conversations.listDms()[0]!.messages();
    expect(texts.map(({ content }) => content)).toContain("old");
    expect(network.stats().calls["GET /files"]).toBe(1);
  });
});
