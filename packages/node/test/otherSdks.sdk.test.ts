import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type * as Sdk from "@xmtp/node-sdk";
import type { Client } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeHost } from "../src/host/nodeHost.ts";
import { backupsOf, placesIn } from "./support/backupsOf.ts";
import { chat, dmTexts, textsOf } from "./support/chat.ts";
import { startWorld, type World } from "./support/world.ts";

/** The SDK loaded a second time, as an app has it whose dependencies bring a copy of their own. */
async function secondCopy(): Promise<typeof Sdk> {
  const url = pathToFileURL(createRequire(import.meta.url).resolve("@xmtp/node-sdk"));
  return (await import(/* @vite-ignore */ `${url.href}?second`)) as typeof Sdk;
}

describe("clients of other copies and versions of the SDK", () => {
  let world: World;
  let bob: Client;
  beforeAll(async () => {
    world = await startWorld();
    bob = await world.open(world.newPerson());
  });
  afterAll(() => world.dispose());

  it("behavior: with a client of another copy of the SDK a DM stays a DM, and is restored as one", { timeout: 60_000 }, async () => {
    const sdk = await secondCopy();
    const [person, places] = [world.newPerson(), placesIn(world.newPath("places"))];
    const phone = await world.open(person, { sdk });
    expect(phone).toBeInstanceOf(sdk.Client);
    expect(phone).not.toBeInstanceOf(bob.constructor);
    const { group, dm } = await chat(phone, bob);
    const listed = await nodeHost(phone).listConversations();
    expect(listed).toContainEqual(expect.objectContaining({ id: dm.id, kind: "dm", peerInboxId: bob.inboxId }));
    expect(listed).toContainEqual(expect.objectContaining({ id: group.id, kind: "group" }));
    const { entry } = await backupsOf(phone, places).backup().result;
    const fresh = await world.open(person, { sdk });
    const restored = backupsOf(fresh, places);
    await restored.restore(entry).result;
    restored.stop();
    expect(await textsOf(fresh, dm.id)).toEqual([...dmTexts]);
  });

  it("behavior: a client of SDK 8 is refused at once, for good", () => {
    const gone = new Set(["createArchive", "importArchive", "archiveMetadata", "close"]);
    const archives = { exportToFile: async () => undefined, importFromFile: async () => undefined };
    const client = without(bob, gone, { archives, end: async () => undefined });
    expect(() => nodeHost(client)).toThrow(expect.objectContaining({ code: "SDK_UNSUPPORTED", retryable: false }));
    expect(() => nodeHost(client)).toThrow(/newer version.*npm install @xmtp\/node-sdk@6/);
  });

  it("behavior: a client of SDK 5 is refused at once, for good", () => {
    const client = without(bob, new Set(["createArchive", "importArchive", "archiveMetadata"]));
    expect(() => nodeHost(client)).toThrow(expect.objectContaining({ code: "SDK_UNSUPPORTED", retryable: false }));
    expect(() => nodeHost(client)).toThrow(/libxmtp .*older version.*npm install @xmtp\/node-sdk@6/);
  });

  it("behavior: a later SDK without history sync backs up, and says that it has none", async () => {
    const client = without(
      bob,
      new Set(["sendSyncRequest", "sendSyncArchive", "processSyncArchive", "listAvailableArchives", "syncAllDeviceSyncGroups"]),
    );
    const backups = backupsOf(client, placesIn(world.newPath("places")));
    await expect(backups.backup().result).resolves.toMatchObject({ entry: { seal: "open" } });
    await expect(backups.historySync.request()).rejects.toMatchObject({ code: "HISTORY_SYNC_UNSUPPORTED" });
  });
});

/** The client as a version of the SDK has it that lacks some calls and has others. */
function without(client: Client, gone: ReadonlySet<string>, added: Record<string, unknown> = {}): Client {
  const isGone = (name: string | symbol) => gone.has(String(name));
  return new Proxy(client, {
    get(target, name) {
      if (isGone(name)) return undefined;
      if (Object.hasOwn(added, name)) return added[String(name)];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value as () => unknown).bind(target) : value;
    },
    has: (target, name) => !isGone(name) && (Object.hasOwn(added, name) || Reflect.has(target, name)),
  });
}
