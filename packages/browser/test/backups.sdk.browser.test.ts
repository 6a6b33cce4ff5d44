import { setTimeout as wait } from "node:timers/promises";
import { generateArchiveKey } from "@xmtp-backup/core";
import type { Client } from "@xmtp/node-sdk";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fromHex, toHex } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserSdkFiles } from "../../../test/browser/browserSdkFiles.ts";
import { onePage } from "../../../test/browser/onePage.ts";
import { fileKeys } from "../../node/src/keys/fileKeys.ts";
import { backupsOf, placesIn } from "../../node/test/support/backupsOf.ts";
import { chat, find, textsOf } from "../../node/test/support/chat.ts";
import { contentOf } from "../../node/test/support/contentOf.ts";
import { lookEveryMs } from "../../node/test/support/lookEvery.ts";
import { until } from "../../../test/until.ts";
import { startWorld, type World } from "../../node/test/support/world.ts";
import type * as script from "./pages/backupsPage.ts";

const pageFor = onePage<typeof script>(async () => ({
  entry: new URL("./pages/backupsPage.ts", import.meta.url),
  files: await browserSdkFiles(),
}));

describe("backups in Chromium", { timeout: 90_000 }, () => {
  let world: World;
  let bob: Client;
  beforeAll(async () => {
    world = await startWorld();
    bob = await world.open(world.newPerson());
  });
  afterAll(() => world.dispose());

  test("default: backs up, restores on a new installation, and becomes active when a member writes", async (context) => {
    const page = await pageFor(context);
    const { privateKey } = world.newPerson();
    await page.call("open", "old", world.network.url, privateKey);
    const { groupId } = await page.call("chat", "old", bob.inboxId);
    expect((await page.call("backUp", "old")).messages).toBe(3);
    expect(await page.call("temporaryFilesLeft")).toBe(0);
    const before = await page.call("contentOf", "old");
    await page.call("close", "old");
    await bob.conversations.syncAll();

    await page.call("open", "new", world.network.url, privateKey);
    expect(await page.call("restoreNewest", "new")).toEqual({ restored: 3, expected: 3 });
    expect(await page.call("contentOf", "new")).toEqual(before.map((each) => ({ ...each, isActive: false })));
    expect(await page.call("write", "new", groupId, "Too early")).toBe("CONVERSATION_INACTIVE");

    await wait(lookEveryMs);
    await (await find(bob, groupId)).sendText("New phone?");
    expect(await page.call("untilActive", "new", 1)).toBe(2);
    expect(await page.call("canWrite", "new", groupId)).toBe(true);
    expect(await page.call("write", "new", groupId, "Back again")).toBe("sent");
    const bobs = await find(bob, groupId);
    await bobs.sync();
    expect((await textsOf(bob, groupId)).slice(-2)).toEqual(["New phone?", "Back again"]);
    await page.call("close", "new");
  });

  test("default: an archive that Node made is restored in Chromium", async (context) => {
    const page = await pageFor(context);
    const alice = world.newPerson();
    const phone = await world.open(alice);
    const { group } = await chat(phone, bob);
    await group.sendText("A text that is longer than a kilobyte. ".repeat(100));
    const places = placesIn(world.newPath("places"));
    const { entry } = await backupsOf(phone, places).backup().result;
    const [key = new Uint8Array()] = await fileKeys({ path: places.keyPath }).load();
    const archive = toHex(await readFile(join(places.directory, `${entry.id}.xmtp`)));

    await page.call("open", "tab", world.network.url, alice.privateKey);
    expect(await page.call("restoreBytes", "tab", archive, toHex(key))).toEqual({ restored: 5, expected: 5 });
    const content = (await contentOf(phone)).map(({ id, messageIds }) => ({ id, isActive: false, messageIds }));
    expect(await page.call("contentOf", "tab")).toEqual(content);
    await page.call("close", "tab");
  });

  test("default: an archive that Chromium made is restored in Node", async (context) => {
    const page = await pageFor(context);
    const alice = world.newPerson();
    await page.call("open", "tab", world.network.url, alice.privateKey);
    await page.call("chat", "tab", bob.inboxId);
    const { archive, key } = await page.call("backUp", "tab");
    const before = await page.call("contentOf", "tab");
    await page.call("close", "tab");

    const phone = await world.open(alice);
    const backups = backupsOf(phone, placesIn(world.newPath("places")));
    const source = new Blob([fromHex(archive as `0x${string}`, "bytes") as Uint8Array<ArrayBuffer>]);
    const { messages } = await backups.restore(source, { key: fromHex(key as `0x${string}`, "bytes") }).result;
    expect(messages).toEqual({ restored: 3, expected: 3 });
    const content = (await contentOf(phone)).map(({ id, isActive, messageIds }) => ({ id, isActive, messageIds }));
    expect(content).toEqual(before.map((each) => ({ ...each, isActive: false })));
    backups.stop();
  });

  test("default: an archive that was downloaded is restored from the file that the user chooses", async (context) => {
    const page = await pageFor(context);
    const { privateKey } = world.newPerson();
    await page.call("open", "old", world.network.url, privateKey);
    await page.call("chat", "old", bob.inboxId);
    const downloading = page.page.waitForEvent("download");
    const sizeBytes = await page.call("backUpAndDownload", "old");
    const path = await (await downloading).path();
    expect((await stat(path)).size).toBe(sizeBytes);
    await page.call("close", "old");

    await page.call("open", "new", world.network.url, privateKey);
    const [choosing, restoring] = [page.page.waitForEvent("filechooser"), page.call("restoreChosen", "new")];
    await (await choosing).setFiles(path);
    expect(await restoring).toEqual({ restored: 3, expected: 3 });
    await page.call("close", "new");
  });

  test("behavior: streams that were cut are opened again, two for all that watch, and nothing is thrown at the page", async (context) => {
    const page = await pageFor(context);
    const errors: string[] = [];
    page.page.on("pageerror", ({ message }) => errors.push(message));
    const inboxId = await page.call("open", "watched", world.network.url, world.newPerson().privateKey);
    const streams = () => world.network.stats().openSubscriptions;
    const before = streams();
    await page.call("watch", "watched");
    await until(() => streams().welcomeMessages > before.welcomeMessages);
    world.network.faults.offline(true);
    await until(() => streams().welcomeMessages === 0);
    world.network.faults.offline(false);
    await until(async () => (await page.call("heard")).every((events) => events.length > 0), 60_000);
    const told = (await page.call("heard")).map(({ length }) => length);
    await bob.conversations.createGroup([inboxId]);
    await until(async () => (await page.call("heard")).every(({ length }, index) => length > (told[index] ?? 0)));
    expect(errors).toEqual([]);
    await page.call("close", "watched");
  });

  test("behavior: a client that is closed while it is asked something is told as that", async (context) => {
    const page = await pageFor(context);
    await page.call("open", "closing", world.network.url, world.newPerson().privateKey);
    expect(await page.call("closeMeanwhile", "closing")).toBe("CLIENT_CLOSED");
  });

  test("behavior: damage and a wrong key are refused before the SDK, which would hang, sees them", async (context) => {
    const page = await pageFor(context);
    const alice = world.newPerson();
    await page.call("open", "tab", world.network.url, alice.privateKey);
    await page.call("chat", "tab", bob.inboxId);
    const { archive, key } = await page.call("backUp", "tab");
    const bytes = fromHex(archive as `0x${string}`, "bytes");
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    await page.call("open", "new", world.network.url, alice.privateKey);
    expect(await page.call("refusalOf", "new", toHex(bytes), key as `0x${string}`)).toMatch(/^ARCHIVE_(DAMAGED|TRUNCATED|KEY_OR_DAMAGE)$/);
    expect(await page.call("refusalOf", "new", archive as `0x${string}`, toHex(generateArchiveKey()))).toMatch(/KEY/);
    expect(await page.call("contentOf", "new")).toEqual([]);
    for (const name of ["tab", "new"]) await page.call("close", name);
  });
});
