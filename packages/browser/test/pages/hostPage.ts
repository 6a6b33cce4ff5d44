// The script of a page: the host contract over the real browser SDK, on the network whose URL the page fetches.
import { hostContract, type HostSetUp } from "@xmtp-backup/testing";
import { runCaseOf } from "../../../../test/browser/runCase.ts";
import { browserHost } from "../../src/host/browserHost.ts";
import { type Client, ConsentEntityType, ConsentState, type Group } from "@xmtp/browser-sdk";
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
    async change(id, what) {
      const group = (await phone.conversations.getConversationById(id)) as Group;
      if (what === "timer") await group.updateMessageDisappearingSettings(BigInt(Date.now()) * 1_000_000n, 3_600_000_000_000n);
      if (what === "noTimer") await group.removeMessageDisappearingSettings();
      if (what === "name") await group.updateName("Porto in June");
      if (what === "people") await group.addMembers([(await open(createPerson(url))).inboxId ?? ""]);
      if (what === "leave") await group.requestRemoval();
      if (what === "admins") {
        // Who has all rights can't leave.
        await group.addSuperAdmin(bob.inboxId ?? "");
        await group.removeSuperAdmin(phone.inboxId ?? "");
      }
    },
    say: async (id) => void (await (await phone.conversations.getConversationById(id))?.sendText("Hello")),
    dispose: async () => clients.forEach((client) => client.isReady && client.close()),
  };
};
