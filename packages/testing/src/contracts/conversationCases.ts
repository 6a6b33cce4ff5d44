import { readArchive } from "@xmtp-backup/archive";
import { generateArchiveKey, type Host, type HostConversation, type HostMessage } from "@xmtp-backup/core";
import type { ContractCase } from "./contractCase.ts";
import { expectEqual, expectThat } from "./expectations.ts";
import type { WithHost } from "./hostSetUp.ts";

/** What following restored conversations asks of a host. */
export function conversationCases(
  withHost: WithHost,
  { stitchedDmsApart = true }: { stitchedDmsApart?: boolean | undefined } = {},
): ContractCase[] {
  return [
    withHost("parameters: peerInboxIds: lists the active DMs with them, and leaves out who is not there", async ({ host, fresh }) => {
      const { group, dm, peerInboxId } = await groupAndDmOf(host);
      expectEqual(await host.listConversations({ peerInboxIds: ["ff".repeat(32), peerInboxId] }), [dm], "the DM with the peer");
      expectEqual(await host.listConversations({ ids: [dm.id], peerInboxIds: [peerInboxId] }), [dm], "the DM that is asked for twice");
      expectEqual(
        idsOf(await host.listConversations({ ids: [group.id], peerInboxIds: [peerInboxId] })),
        idsOf([group, dm]),
        "a group and the DM",
      );
      expectEqual(await host.listConversations({ peerInboxIds: [] }), [], "none");
      const target = await fresh();
      await copy(host, target);
      expectEqual(await target.listConversations({ peerInboxIds: [peerInboxId] }), [], "the active DMs of what is restored");
    }),
    withHost("parameters: ids: a thousand of them are each listed once", async ({ host }) => {
      const all = await host.listConversations();
      const unknown = Array.from({ length: 1_000 }, (_, index) => index.toString(16).padStart(32, "0"));
      const ids = [...all.map(({ id }) => id), ...unknown, ...all.map(({ id }) => id)];
      expectEqual(idsOf(await host.listConversations({ ids })), idsOf(all), "what is there");
    }),
    withHost("default: tells consent, and lists what is denied", async ({ host, fresh, deny }) => {
      const { group, dm, peerInboxId } = await groupAndDmOf(host);
      expectEqual([group.consent, dm.consent], ["allowed", "allowed"], "the consent of the conversations");
      expectEqual(
        [await host.consentOf(peerInboxId), await host.consentOf("ff".repeat(32))],
        ["allowed", "unknown"],
        "the consent of persons",
      );
      await deny(group.id);
      const target = await fresh();
      await copy(host, target);
      for (const each of [host, target]) {
        const [denied] = await each.listConversations({ ids: [group.id] });
        expectEqual(denied?.consent, "denied", "the consent of the denied one");
        expectEqual(idsOf(await each.listConversations()), idsOf([group, dm]), "all that is listed");
        expectEqual(await each.consentOf(peerInboxId), "allowed", "the consent of the peer");
      }
    }),
    withHost("default: notes consent for a conversation that is not active too", async ({ host, fresh }) => {
      const { group, dm } = await groupAndDmOf(host);
      const target = await fresh();
      await copy(host, target);
      for (const { id } of [group, dm]) {
        for (const consent of ["denied", "unknown", "allowed"] as const) {
          await target.setConsent(id, consent);
          const [conversation] = await target.listConversations({ ids: [id] });
          expectEqual(conversation?.consent, consent, "what was noted");
        }
      }
    }),
    withHost("default: finds messages by their ids, and leaves out what is not there", async ({ host, fresh }) => {
      const target = await fresh();
      await copy(host, target);
      for (const each of [host, target]) {
        const sent = await messagesOf(each);
        expectThat(sent.length > 0, "messages are there");
        const found = await each.findMessages([...sent.map(({ id }) => id), "ff".repeat(32)]);
        expectEqual(sorted(found), sorted(sent), "the messages");
        expectEqual(await each.findMessages([]), [], "none");
      }
    }),
    withHost("default: notes consent for a person", async ({ host }) => {
      const { peerInboxId } = await groupAndDmOf(host);
      for (const consent of ["denied", "unknown", "allowed"] as const) {
        await host.setConsentOf(peerInboxId, consent);
        expectEqual(await host.consentOf(peerInboxId), consent, "what was noted");
      }
    }),
    withHost("default: gives the DM with a person that there is", async ({ host }) => {
      const { dm, peerInboxId } = await groupAndDmOf(host);
      expectEqual(await host.createDm(peerInboxId), dm, "the DM");
      expectEqual((await host.listConversations()).length, 2, "the number of conversations");
    }),
    withHost("behavior: recreates a restored DM, once, with its messages", async ({ host, fresh }) => {
      const { group, dm, peerInboxId } = await groupAndDmOf(host);
      const target = await fresh();
      await copy(host, target);
      const made = await target.createDm(peerInboxId);
      expectEqual([made.kind, made.isActive, made.peerInboxId], ["dm", true, peerInboxId], "the new DM");
      expectThat(made.id !== dm.id, "the new DM is another one than the restored one");
      expectEqual(await target.countMessages(made.id), await host.countMessages(dm.id), "the messages that it shows");
      expectEqual((await target.createDm(peerInboxId)).id, made.id, "what a second call gives");
      expectEqual(await target.listConversations({ peerInboxIds: [peerInboxId] }), [made], "the active DM with the peer");
      expectEqual(idsOf(await target.listConversations()), idsOf([group, dm, made]), "all that is listed");
      const listedIds = await Promise.all([dm.id, made.id, group.id].map((id) => target.listedIdOf(id)));
      expectThat(listedIds[0] === listedIds[1] && [dm.id, made.id].includes(listedIds[0] ?? ""), "one of the two DMs is listed for both");
      expectEqual([listedIds[2], await target.listedIdOf("ff".repeat(16))], [group.id, "ff".repeat(16)], "what is listed for any other id");
      const [old] = await target.listConversations({ ids: [dm.id] });
      expectEqual([old?.id, old?.isActive], [dm.id, !stitchedDmsApart], "the restored DM by its own id");
    }),
    withHost("default: lists the installations, the own one among them", async ({ host, fresh }) => {
      for (const each of [host, await fresh()]) {
        const { installationId } = await each.identity();
        const installations = await each.listInstallations();
        expectEqual(
          installations.filter(({ isOwn }) => isOwn).map(({ id }) => id),
          [installationId],
          "the own installation",
        );
        expectEqual(new Set(installations.map(({ id }) => id)).size, installations.length, "the different ids");
      }
    }),
    withHost("default: who added the client is reported, if it is known", async ({ host, fresh, invite }) => {
      const { inboxId } = await host.identity();
      const target = await fresh();
      await copy(host, target);
      for (const { addedByInboxId } of await target.listConversations())
        expectThat([undefined, inboxId].includes(addedByInboxId), "the user restored it");
      const known = idsOf(await host.listConversations());
      await arrival(host, invite);
      const invited = (await host.listConversations()).filter(({ id }) => !known.includes(id));
      expectThat(invited.length === 1 && invited[0]?.addedByInboxId !== inboxId, "somebody else added the client");
    }),
  ];
}

async function groupAndDmOf(host: Host): Promise<{ group: HostConversation; dm: HostConversation; peerInboxId: string }> {
  const conversations = await host.listConversations();
  const [group, dm] = [conversations.find(({ kind }) => kind === "group"), conversations.find(({ kind }) => kind === "dm")];
  expectThat(group !== undefined && dm?.peerInboxId !== undefined && conversations.length === 2, "a group and a DM are there");
  return { group, dm, peerInboxId: dm.peerInboxId };
}

/** What an archive says of a host's messages. */
async function messagesOf(host: Host): Promise<HostMessage[]> {
  const key = generateArchiveKey();
  const { blob, release } = await host.exportArchive({ elements: ["messages"] }, key);
  const messages: HostMessage[] = [];
  for await (const record of readArchive(blob, key)) {
    if (record.kind === "message")
      messages.push({ id: record.message.id, conversationId: record.message.groupId, senderInboxId: record.message.senderInboxId });
  }
  await release();
  return messages;
}

function sorted(messages: readonly HostMessage[]): HostMessage[] {
  return messages.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** Imports everything of one host into another. */
async function copy(host: Host, target: Host): Promise<void> {
  const key = generateArchiveKey();
  const { blob, release } = await host.exportArchive({ elements: ["consent", "messages"] }, key);
  await target.importArchive(blob, key);
  await release();
}

/** Waits until a conversation arrives, and says how often the watcher was called. */
export async function arrival(host: Host, invite: () => Promise<void>): Promise<number> {
  let calls = 0;
  const arrived = new Promise<void>((resolve) => {
    const unwatch = host.watch(() => {
      calls += 1;
      unwatch();
      resolve();
    });
  });
  await invite();
  await arrived;
  return calls;
}

const idsOf = (conversations: readonly HostConversation[]) => conversations.map(({ id }) => id).sort();
