import { type HistorySync, type Host } from "@xmtp-backup/core";
import type { Client } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeHost } from "../src/host/nodeHost.ts";
import { chat } from "./support/chat.ts";
import { asInactive, contentOf, messagesIn } from "./support/contentOf.ts";
import { until } from "../../../test/until.ts";
import type { Device, Person } from "./support/person.ts";
import { startWorld, type World } from "./support/world.ts";

describe("history sync of nodeHost", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.dispose());

  type Installation = { client: Client; host: Host; sync: HistorySync };

  async function install(person: Person, device: Partial<Device> = {}): Promise<Installation> {
    const client = await world.open(person, device);
    const host = nodeHost(client, { historySyncUrl: world.network.url });
    if (!host.historySync) throw new Error("The host has no history sync.");
    return { client, host, sync: host.historySync };
  }

  async function installChatting(device: Partial<Device> = {}) {
    const person = world.newPerson();
    const old = await install(person, device);
    await chat(old.client, await world.open(world.newPerson()));
    return { person, old };
  }

  it("default: what is sent under a pin is listed, and processing it brings everything, inactive", async () => {
    const { person, old } = await installChatting();
    const fresh = await install(person);
    const beforeMs = Date.now();
    await old.sync.send("1234");
    const [offer, ...others] = await fresh.sync.list(1);
    expect(offer).toMatchObject({ pin: "1234", installationId: old.client.installationId });
    expect([...(offer?.elements ?? [])].sort()).toEqual(["consent", "messages"]);
    expect(offer?.exportedAtMs).toBeGreaterThanOrEqual(beforeMs);
    expect([others, await old.sync.list(1)]).toEqual([[], []]);

    await fresh.sync.process("1234");
    expect(await contentOf(fresh.client)).toEqual(asInactive(await contentOf(old.client)));
    expect(await messagesIn(fresh.client)).toBe(4);
  });

  it("behavior: a pin that nobody offers is refused, by a message that does not name it", async () => {
    const { person, old } = await installChatting();
    const fresh = await install(person);
    await old.sync.send("1234");
    const error = await fresh.sync.process("9876").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "HISTORY_SYNC_FAILED", shortMessage: "No other installation has offered that history." });
    expect(String(error)).not.toContain("9876");
    expect(await contentOf(fresh.client)).toEqual([]);
  });

  it("behavior: an installation that is newer than an offer sees the next one once it has asked", async () => {
    const { person, old } = await installChatting();
    await old.sync.send("early");
    const fresh = await install(person);
    await old.sync.send("unseen");
    expect(await fresh.sync.list(1)).toEqual([]);
    await fresh.sync.request();
    await old.sync.send("seen");
    expect((await fresh.sync.list(1)).map(({ pin }) => pin)).toEqual(["seen"]);
  });

  it("behavior: a request is answered by an installation with device sync on, and the answer comes in with a listing", {
    timeout: 60_000,
  }, async () => {
    const { person, old } = await installChatting({ deviceSync: true });
    const fresh = await install(person, { deviceSync: true });
    await fresh.sync.request();
    await until(async () => {
      await old.client.conversations.sync();
      await fresh.client.conversations.sync();
      await fresh.sync.list(1);
      return (await messagesIn(fresh.client)) === 4;
    }, 30_000);
    expect((await fresh.sync.list(1)).map(({ installationId }) => installationId)).toEqual([old.client.installationId]);
  });

  it("behavior: a history server that refuses is told, and the next try succeeds", async () => {
    const { person, old } = await installChatting();
    const fresh = await install(person);
    world.network.faults.refuse("POST /upload");
    await expect(old.sync.send("1234")).rejects.toMatchObject({ code: "HISTORY_SYNC_FAILED", retryable: true });
    await old.sync.send("1234");
    world.network.faults.refuse("GET /files");
    await expect(fresh.sync.process("1234")).rejects.toMatchObject({ code: "HISTORY_SYNC_FAILED", retryable: true });
    expect(await contentOf(fresh.client)).toEqual([]);
    await fresh.sync.process("1234");
    expect(await messagesIn(fresh.client)).toBe(4);
  });
});
