import { setTimeout as wait } from "node:timers/promises";
import { createBackups, type Host } from "@xmtp-backup/core";
import type { Client } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileKeys } from "../src/keys/fileKeys.ts";
import { fileStore } from "../src/store/fileStore.ts";
import { nodeHost } from "../src/host/nodeHost.ts";
import { backupsOf, placesIn } from "./support/backupsOf.ts";
import { find } from "./support/chat.ts";
import { currentOf } from "./support/currentOf.ts";
import { isSettled } from "./support/isSettled.ts";
import { lookEveryMs } from "./support/lookEvery.ts";
import { until } from "../../../test/until.ts";
import { startWorld, type World } from "./support/world.ts";

const groups = 145;
const peers = 5;

describe("150 conversations", () => {
  let world: World;
  let people: Client[];
  let client: Client;
  let ids: string[];
  let looks = 0;
  let backups: ReturnType<typeof createBackups>;
  beforeAll(async () => {
    world = await startWorld();
    people = await Promise.all(Array.from({ length: peers }, () => world.open(world.newPerson())));
    const [person, places] = [world.newPerson(), placesIn(world.newPath("places"))];
    const old = await world.open(person);
    ids = [];
    for (let index = 0; index < groups + peers; index += 1) {
      const peer = people[index % peers] as Client;
      const conversation =
        index < groups ? await old.conversations.createGroup([peer.inboxId]) : await old.conversations.createDm(peer.inboxId);
      await conversation.sendText(`Hello ${index}`);
      ids.push(conversation.id);
    }
    await Promise.all(people.map((each) => each.conversations.syncAll()));
    const { entry } = await backupsOf(old, places).backup().result;
    client = await world.open(person);
    backups = createBackups({
      host: counted(nodeHost(client)),
      store: fileStore({ directory: places.directory }),
      keys: fileKeys({ path: places.keyPath }),
    });
    await backups.restore(entry).result;
    await wait(lookEveryMs);
  }, 120_000);
  afterAll(async () => {
    backups.stop();
    await world.dispose();
  });

  /** The same host, which counts how often it is asked for conversations, and fails if that is for all of them. */
  function counted(host: Host): Host {
    return {
      ...host,
      listConversations(options) {
        looks += 1;
        if (!options?.ids) throw new Error("Everything was listed.");
        return host.listConversations(options);
      },
    };
  }

  it("default: all become active as their members write, each with the message that did it, in a few looks", {
    timeout: 120_000,
  }, async () => {
    expect(currentOf(backups.activation$)).toMatchObject({ total: 150, active: 0 });
    const before = looks;
    const startMs = Date.now();
    await Promise.all(
      people.map(async (person, index) => {
        for (const [at, id] of ids.entries()) if (at % peers === index) await (await find(person, id)).sendText(`Are you there, ${at}?`);
      }),
    );
    await until(() => isSettled(backups), 60_000);
    // At most one look a second, however many of the 150 arrive.
    expect(looks - before).toBeLessThanOrEqual(Math.ceil((Date.now() - startMs) / 1_000) + 1);
    for (const [at, id] of ids.entries()) {
      const messages = await (await find(client, id)).messages();
      expect(messages.map(({ content }) => content)).toEqual(expect.arrayContaining([`Hello ${at}`, `Are you there, ${at}?`]));
      expect(backups.canWrite(id)).toBe(true);
    }
  });
});
