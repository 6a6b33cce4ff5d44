import { type ConversationChange, hostContract, runContract } from "@xmtp-backup/testing";
import { ConsentState, type Dm, type Group } from "@xmtp/node-sdk";
import { describe, expect, it } from "vitest";
import { guardedMethods } from "@xmtp-backup/core/sdk";
import { nodeHost } from "../src/host/nodeHost.ts";
import { changeConversation } from "./support/changeConversation.ts";
import { chat, find } from "./support/chat.ts";
import { canClose, cantClose, closeClient } from "./support/closeClient.ts";
import { loseState } from "./support/loseState.ts";
import { until } from "../../../test/until.ts";
import { startWorld } from "./support/world.ts";

async function setUp() {
  const world = await startWorld();
  const [alice, bob] = [world.newPerson(), await world.open(world.newPerson())];
  const dbPath = world.newPath("phone.db3");
  const phone = await world.open(alice, { dbPath, encrypted: false });
  await chat(phone, bob);
  return {
    host: nodeHost(phone, { historySyncUrl: world.network.url }),
    fresh: async () => nodeHost(await world.open(alice), { historySyncUrl: world.network.url }),
    close: () => closeClient(phone),
    async invite() {
      await until(() => world.network.stats().openSubscriptions.welcomeMessages > 0);
      await bob.conversations.createGroup([phone.inboxId]);
    },
    deny: async (id: string) => (await find(phone, id)).updateConsentState(ConsentState.Denied),
    async change(id: string, what: ConversationChange) {
      const newMember = async () => (await world.open(world.newPerson())).inboxId;
      await changeConversation(await find(phone, id), what, { own: phone.inboxId, member: bob.inboxId, newMember });
    },
    say: async (id: string) => void (await (await find(phone, id)).sendText("Hello")),
    async breakState(id: string) {
      await closeClient(phone);
      loseState(dbPath, id);
      return nodeHost(await world.open(alice, { dbPath, encrypted: false }), { historySyncUrl: world.network.url });
    },
    dispose: world.dispose,
  };
}

const ofClosedClients = ["behavior: a closed client fails as closed", "behavior: history sync of a closed client fails as closed"];
const skipped = canClose ? {} : Object.fromEntries(ofClosedClients.map((name) => [name, cantClose]));

runContract("nodeHost over @xmtp/node-sdk", hostContract(setUp), { describe, it }, skipped);

describe("guardedMethods", () => {
  it("default: names every method of the SDK's conversations that writes or syncs, and no other", async () => {
    const world = await startWorld();
    try {
      const { group, dm } = await chat(await world.open(world.newPerson()), await world.open(world.newPerson()));
      const writes = [...methodsOf(group), ...methodsOf(dm)].filter((name) => /^(send|sync|publish|update|add|remove|request)/.test(name));
      const local = ["updateConsentState"];
      expect([...guardedMethods].sort()).toEqual([...new Set(writes)].filter((name) => !local.includes(name)).sort());
    } finally {
      await world.dispose();
    }
  });
});

function methodsOf(conversation: Group | Dm): string[] {
  const names: string[] = [];
  for (let each: unknown = Object.getPrototypeOf(conversation); each !== Object.prototype; each = Object.getPrototypeOf(each)) {
    const descriptors = Object.getOwnPropertyDescriptors(each);
    names.push(...Object.keys(descriptors).filter((name) => typeof descriptors[name]?.value === "function"));
  }
  return names;
}
