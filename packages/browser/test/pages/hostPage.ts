// The script of a page: the host contract over the real browser SDK, on the network whose URL the page fetches.
import { hostContract, type HostSetUp } from "@xmtp-backup/testing";
import { runCaseOf } from "../../../../test/browser/runCase.ts";
import { browserHost } from "../../src/host/browserHost.ts";
import { type Client, ConsentEntityType, ConsentState } from "@xmtp/browser-sdk";
import { createPerson } from "./person.ts";

export const runCase = runCaseOf({ browserHost: () => hostContract(setUp, { historySync: false, stitchedDmsApart: false }) });

const setUp: HostSetUp = async () => {
  const { url } = (await (await fetch("/network.json")).json()) as { url: string };
  const [alice, bobPerson] = [createPerson(url), createPerson(url)];
  const clients: Client[] = [];
  const open = async (person: ReturnType<typeof createPerson>) => {
    const client = await person.open();
    clients.push(client);
    return client;
  };
  const [phone, bob] = [await open(alice), await open(bobPerson)];
  const group = await phone.conversations.createGroup([bob.inboxId ?? ""], { groupName: "Lisbon in May" });
  for (const text of ["Shall we take the night train?", "Only if I get the window"]) await group.sendText(text);
  const dm = await phone.conversations.createDm(bob.inboxId ?? "");
  for (const text of ["Don't tell the others", "I knew it"]) await dm.sendText(text);
  await phone.preferences.setConsentStates([
    { entityType: ConsentEntityType.InboxId, entity: bob.inboxId ?? "", state: ConsentState.Allowed },
    { entityType: ConsentEntityType.GroupId, entity: group.id, state: ConsentState.Allowed },
  ]);
  return {
    host: browserHost(phone),
    fresh: async () => browserHost(await open(alice)),
    close: async () => phone.close(),
    invite: async () => {
      await bob.conversations.createGroup([phone.inboxId ?? ""]);
    },
    deny: async (id) => (await phone.conversations.getConversationById(id))?.updateConsentState(ConsentState.Denied),
    dispose: async () => clients.forEach((client) => client.isReady && client.close()),
  };
};
