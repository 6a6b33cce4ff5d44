import { setTimeout as wait } from "node:timers/promises";
import type { Client } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserSdkFiles } from "../../../test/browser/browserSdkFiles.ts";
import { oneProfile } from "../../../test/browser/oneProfile.ts";
import { find, textsOf } from "../../node/test/support/chat.ts";
import { lookEveryMs } from "../../node/test/support/lookEvery.ts";
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
  });
});
