import { setTimeout as wait } from "node:timers/promises";
import type { Client } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserSdkFiles } from "../../../test/browser/browserSdkFiles.ts";
import { oneProfile } from "../../../test/browser/oneProfile.ts";
import { find, textsOf } from "../../node/test/support/chat.ts";
import { lookEveryMs } from "../../node/test/support/lookEvery.ts";
import { until } from "../../../test/until.ts";
import { startWorld, type World } from "../../node/test/support/world.ts";
import type * as script from "./pages/devicePage.ts";

const profileFor = oneProfile<typeof script>(async () => ({
  entry: new URL("./pages/devicePage.ts", import.meta.url),
  files: await browserSdkFiles(),
}));

describe("a device whose data lasts, in Chromium", { timeout: 90_000 }, () => {
  let world: World;
  let bob: Client;
  beforeAll(async () => {
    world = await startWorld();
    bob = await world.open(world.newPerson());
  });
  afterAll(() => world.dispose());

  test("default: backs up, loses the SDK's database, restores, and becomes active; a reload changes nothing", async (context) => {
    const { page, call } = await (await (await profileFor(context)).openSite()).openPage();
    const { privateKey } = world.newPerson();
    const phone = await call("open", world.network.url, privateKey);
    expect(await call("start")).toBeNull();
    const { groupId } = await call("chat", bob.inboxId);
    const id = await call("backUp", "Before the update");
    const before = await call("content");

    await page.reload();
    expect(await call("open", world.network.url, privateKey)).toBe(phone);
    expect(await call("start")).toBeNull();
    expect(await call("list")).toEqual([{ id, name: "Before the update", messages: 3 }]);
    expect(await call("inspect", id)).toBe(3);
    expect(await call("content")).toEqual(before);

    await call("loseDatabase");
    expect(await call("open", world.network.url, privateKey)).not.toBe(phone);
    await call("start");
    expect(await call("content")).toEqual([]);
    expect(await call("restore", id)).toEqual({ messages: { restored: 3, expected: 3 }, steps: [3] });
    const asInactive = before.map((each) => ({ ...each, isActive: false }));
    expect(await call("content")).toEqual(asInactive);

    await page.reload();
    await call("open", world.network.url, privateKey);
    await call("start");
    expect(await call("content")).toEqual(asInactive);
    expect(await call("write", groupId, "Too early")).toBe("CONVERSATION_INACTIVE");
    await bob.conversations.syncAll();
    await wait(lookEveryMs);
    await (await find(bob, groupId)).sendText("New phone?");
    expect(await call("untilActive", 1)).toBe(2);
    expect(await call("write", groupId, "Back again")).toBe("sent");
    const bobs = await find(bob, groupId);
    await bobs.sync();
    expect((await textsOf(bob, groupId)).slice(-2)).toEqual(["New phone?", "Back again"]);
    expect(await call("storedFiles")).toEqual([`${id}.manifest.json`, `${id}.xmtp`]);
    // A client in a page holds three streams, and over HTTP/1.1 a browser has six connections to a host.
    await page.close();
  });

  test("behavior: an archive that is damaged, cut off, or not the user's is refused before the SDK sees it, and so is a wrong key", async (context) => {
    const profile = await profileFor(context);
    const openPage = async () => (await profile.openSite()).openPage();
    const [phone, laptop, stranger] = [await openPage(), await openPage(), await openPage()];
    const { privateKey } = world.newPerson();
    await phone.call("open", world.network.url, privateKey);
    await phone.call("chat", bob.inboxId);
    const [flipped, cut, sound] = [
      await phone.call("backUp", "One"),
      await phone.call("backUp", "Two"),
      await phone.call("backUp", "Three"),
    ];
    const carried = await phone.call("carry", sound);
    await phone.call("damage", flipped, "a bit flipped");
    await phone.call("damage", cut, "cut off");
    expect(await phone.call("refusalOf", flipped)).toEqual({ code: "ARCHIVE_DAMAGED", importCalls: 0 });
    expect(await phone.call("refusalOf", cut)).toEqual({ code: "ARCHIVE_TRUNCATED", importCalls: 0 });
    await phone.call("replaceKeys");
    expect(await phone.call("refusalOf", sound)).toEqual({ code: "KEY_WRONG", importCalls: 0 });

    await stranger.call("open", world.network.url, world.newPerson().privateKey);
    expect(await stranger.call("refusalOf", carried)).toEqual({ code: "ARCHIVE_OTHER_INBOX", importCalls: 0 });
    expect(await stranger.call("content")).toEqual([]);
    await laptop.call("open", world.network.url, privateKey);
    expect(await laptop.call("refusalOf", carried)).toEqual({ code: "restored", importCalls: 1 });
    expect(await laptop.call("countMessages")).toBe(3);
    for (const { page } of [phone, laptop, stranger]) await page.close();
  });

  test("behavior: without room a backup is told as that, leaves what was there, and works once there is room", async (context) => {
    const profile = await profileFor(context);
    const site = await profile.openSite();
    const { page, call } = await site.openPage();
    await call("open", world.network.url, world.newPerson().privateKey);
    await call("fill", 20, 100_000);
    const first = await call("backUp", "There is room");
    const [files, listed] = [await call("storedFiles"), await call("list")];
    const devTools = await page.context().newCDPSession(page);
    const { usage } = await devTools.send("Storage.getUsageAndQuota", { origin: site.origin });
    await devTools.send("Storage.overrideQuotaForOrigin", { origin: site.origin, quotaSize: usage + 1_000_000 });
    expect(await call("backUp", "There is none")).toBe("DEVICE_FULL");
    expect(await call("failureCode")).toBe("DEVICE_FULL");
    expect(await call("storedFiles")).toEqual(files);
    expect(await call("list")).toEqual(listed);
    expect(await call("inspect", first)).toBe(20);
    await devTools.send("Storage.overrideQuotaForOrigin", { origin: site.origin });
    expect(await call("inspect", await call("backUp", "There is room again"))).toBe(20);
    expect(await call("failureCode")).toBeUndefined();
    await page.close();
  });

  test("behavior: offline it backs up and restores what is on the device, and follows the conversations once it is online", async (context) => {
    const profile = await profileFor(context);
    const { page, call } = await (await profile.openSite()).openPage();
    // What the browser says of the network does not hold up the SDK's worker.
    const setOffline = async (isOffline: boolean) => {
      world.network.faults.offline(isOffline);
      await profile.context.setOffline(isOffline);
    };
    const { privateKey } = world.newPerson();
    await call("open", world.network.url, privateKey);
    const { groupId } = await call("chat", bob.inboxId);
    await bob.conversations.syncAll();
    try {
      await setOffline(true);
      expect(await call("isOnline")).toBe(false);
      const id = await call("backUp", "On the train");
      expect(await call("inspect", id)).toBe(3);
      await setOffline(false);
      await call("loseDatabase");
      await call("open", world.network.url, privateKey);
      await call("start");
      await setOffline(true);
      expect((await call("restore", id)).messages).toEqual({ restored: 3, expected: 3 });
      expect(await call("syncAll")).toBe("HOST_FAILED");
    } finally {
      await setOffline(false);
    }
    expect(await call("isOnline")).toBe(true);
    const bobs = await find(bob, groupId);
    const becomingActive = call("untilActive", 1);
    // His app looks for new installations when it pleases, now that its network is back too.
    const writeAgain = async () => {
      await wait(lookEveryMs);
      await bobs.sendText("Are you there?");
      return Promise.race([becomingActive, wait(1_000, undefined)]);
    };
    expect(await until(writeAgain, 60_000)).toBe(2);
    expect(await call("write", groupId, "In the tunnel")).toBe("sent");
    await page.close();
  });
});
