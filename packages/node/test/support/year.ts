import { type Client, ConsentEntityType, ConsentState, DeliveryStatus, type Dm, type Group, GroupPermissionsOptions } from "@xmtp/node-sdk";
import { expect } from "vitest";
import { find } from "./chat.ts";
import type { Person } from "./person.ts";
import { sendOptimistically } from "./sendOptimistically.ts";
import type { World } from "./world.ts";

const [Allowed, Unknown, Denied] = [ConsentState.Allowed, ConsentState.Unknown, ConsentState.Denied] as const;
/** For how long a message of the group with a timer is to be seen. */
export const hourMs = 3_600_000;

export const anyConsent = [Allowed, Unknown, Denied];

/** Alice with two devices, her friends, and what they have with each other. */
export type Year = {
  alice: Person;
  phone: Client;
  tablet: Client;
  bob: Client;
  carol: Client;
  dan: Client;
  /** The conversations by the names that the story gives them. */
  ids: Record<string, string>;
  people: Record<string, string>;
};

/** What the year did to messages, by their ids, so that each one that is missing has its reason. */
export type Ledger = Record<"deleted" | "expired" | "unsent" | "gap", Set<string>>;

export const newLedger = (): Ledger => ({ deleted: new Set(), expired: new Set(), unsent: new Set(), gap: new Set() });

/** Spring: everybody meets. Groups and DMs of every decision, made by Alice and by others. */
export async function meet(world: World): Promise<Year> {
  const alice = world.newPerson();
  const [phone, bob, carol, dan] = [
    await world.open(alice),
    await world.open(world.newPerson()),
    await world.open(world.newPerson()),
    await world.open(world.newPerson()),
  ];
  const tablet = await world.open(alice);
  const friends = [bob.inboxId, carol.inboxId];
  const made: Record<string, Group | Dm> = {
    family: await phone.conversations.createGroup(friends, { groupName: "Family" }),
    flat: await phone.conversations.createGroup([bob.inboxId], { groupName: "The old flat" }),
    poll: await phone.conversations.createGroup(friends, { groupName: "Where to?", permissions: GroupPermissionsOptions.AdminOnly }),
    club: await phone.conversations.createGroup(friends, { groupName: "Book club" }),
    secrets: await phone.conversations.createGroup([bob.inboxId], { groupName: "Secrets" }),
    climbing: await bob.conversations.createGroup([phone.inboxId, carol.inboxId], { groupName: "Climbing" }),
    work: await bob.conversations.createGroup([phone.inboxId], { groupName: "Work" }),
    spam: await dan.conversations.createGroup([phone.inboxId], { groupName: "Buy now" }),
    choir: await bob.conversations.createGroup([phone.inboxId, carol.inboxId], { groupName: "Choir" }),
    team: await bob.conversations.createGroup([phone.inboxId, carol.inboxId], { groupName: "Team" }),
    dmBob: await phone.conversations.createDm(bob.inboxId),
    dmCarol: await carol.conversations.createDm(phone.inboxId),
    dmDan: await dan.conversations.createDm(phone.inboxId),
  };
  for (const [name, conversation] of Object.entries(made)) await conversation.sendText(`Welcome to ${name}`);
  const ids = Object.fromEntries(Object.entries(made).map(([name, { id }]) => [name, id]));
  const year = { alice, phone, tablet, bob, carol, dan, ids, people: { bob: bob.inboxId, carol: carol.inboxId, dan: dan.inboxId } };
  await syncAll(year);
  await decide(phone, ids, {
    family: Allowed,
    flat: Allowed,
    poll: Unknown,
    work: Denied,
    spam: Denied,
    choir: Allowed,
    team: Allowed,
    dmBob: Allowed,
    dmDan: Allowed,
  });
  await decidePeople(phone, { [bob.inboxId]: Allowed, [dan.inboxId]: Allowed });
  return year;
}

/** Summer: a new name, a second device, and words that are regretted later. */
export async function talk(year: Year): Promise<{ slip: string; rude: string; fine: string }> {
  const { phone, tablet, bob, carol } = year;
  await (await group(year, phone, "family")).updateName("Family and friends");
  await (await group(year, tablet, "family")).sendText("From the tablet");
  await (await group(year, bob, "family")).sendText("Bob was here");
  const slip = await (await group(year, bob, "club")).sendText("Bob's slip");
  const rude = await (await group(year, carol, "club")).sendText("Carol is rude");
  const fine = await (await group(year, phone, "club")).sendText("Nobody may delete this");
  await syncAll(year);
  return { slip, rude, fine };
}

/** Autumn: messages are deleted and disappear, decisions change, groups are left, and a message never goes out. */
export async function part({ network }: World, year: Year, said: Awaited<ReturnType<typeof talk>>, ledger: Ledger): Promise<void> {
  const { phone, bob, carol, dan, ids } = year;
  await deleteForEveryone(await group(year, bob, "club"), said.slip);
  await deleteForEveryone(await group(year, phone, "club"), said.rude);
  await deleteForEveryone(await group(year, carol, "club"), said.fine); // She is no super admin: this hides nothing.
  for (const id of [said.slip, said.rude]) ledger.deleted.add(id);

  const secrets = await group(year, phone, "secrets");
  await secrets.updateMessageDisappearingSettings(BigInt(Date.now()) * 1_000_000n, BigInt(hourMs) * 1_000_000n);
  ledger.expired.add(await secrets.sendText("Read it soon"));

  await (await group(year, bob, "team")).removeMembers([phone.inboxId]);
  await syncAll(year);
  await decide(phone, ids, { flat: Denied, work: Allowed, dmDan: Denied });
  await decidePeople(phone, { [dan.inboxId]: Denied });
  // Bob, its admin, is away from now on: nobody lets her go.
  await (await group(year, phone, "choir")).requestRemoval();
  const family = await group(year, phone, "family");
  network.faults.refuse("SendGroupMessages", { times: Infinity, code: "PERMISSION_DENIED" });
  await expect(family.sendText("Nobody took it")).rejects.toThrow();
  network.faults.clear();
  // The phone never comes online again to send this.
  await sendOptimistically(family, "It never left the phone");
  for (const { id, deliveryStatus } of await family.messages()) if (deliveryStatus !== DeliveryStatus.Published) ledger.unsent.add(id);
}

async function group({ ids }: Pick<Year, "ids">, client: Client, name: string): Promise<Group> {
  return (await find(client, ids[name] ?? "")) as Group;
}

export async function syncAll({ phone, tablet, bob, carol, dan }: Pick<Year, "phone" | "tablet" | "bob" | "carol" | "dan">): Promise<void> {
  for (const client of [bob, carol, dan, phone, tablet]) await client.conversations.syncAll(anyConsent);
}

export async function decide(
  client: Client,
  ids: Readonly<Record<string, string>>,
  decisions: Readonly<Record<string, ConsentState>>,
): Promise<void> {
  for (const [name, state] of Object.entries(decisions)) (await find(client, ids[name] ?? "")).updateConsentState(state);
}

export async function decidePeople(client: Client, decisions: Readonly<Record<string, ConsentState>>): Promise<void> {
  await client.preferences.setConsentStates(
    Object.entries(decisions).map(([entity, state]) => ({ entityType: ConsentEntityType.InboxId, entity, state })),
  );
}

/** What the SDK sends when somebody deletes a message for everyone. */
export async function deleteForEveryone(conversation: Group | Dm, messageId: string): Promise<void> {
  const id = new TextEncoder().encode(messageId);
  const type = { authorityId: "xmtp.org", typeId: "deleteMessage", versionMajor: 1, versionMinor: 0 };
  await conversation.send({ type, parameters: {}, content: Uint8Array.from([0x0a, id.length, ...id]) }, { shouldPush: false });
}
