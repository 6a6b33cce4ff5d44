import { afterAll, beforeAll, expect, test } from "vitest";
import { browserSdkFiles } from "../../../test/browser/browserSdkFiles.ts";
import { oneProfile } from "../../../test/browser/oneProfile.ts";
import { startWorld, type World } from "../../node/test/support/world.ts";
import type * as script from "./pages/sharedPage.ts";

const profileFor = oneProfile<typeof script>(async () => ({
  entry: new URL("./pages/sharedPage.ts", import.meta.url),
  files: await browserSdkFiles(),
}));

/** Two chunks of an import, which ends one at four megabytes. */
const [messages, bytes] = [44, 100_000];

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.dispose());

test("default: tabs with one database: the second uses the first one's client, and takes over when it is closed in the middle of a backup; the third, when that one crashes in the middle of an import", {
  timeout: 90_000,
}, async (context) => {
  const { openPage } = await (await profileFor(context)).openSite();
  const { privateKey } = world.newPerson();
  const openTab = async (role: "leading" | "following") => {
    const tab = await openPage();
    await tab.call("join", world.network.url, privateKey);
    expect(await tab.call("becomes", role)).toBe(role === "leading");
    return tab;
  };
  const first = await openTab("leading");
  const second = await openTab("following");

  expect(await second.call("fill", await first.call("inboxId"), messages, bytes)).toEqual({ restored: messages, expected: messages });
  expect(await second.call("backUp", "From the second tab")).toEqual(
    expect.arrayContaining(["exporting", "storing", "confirming", "succeeded"]),
  );
  await second.call("renameNewest", "Lisbon");
  expect(await first.call("names")).toEqual(["Lisbon"]);

  await first.call("holdStore");
  await second.call("beginBackup", "Lost");
  await second.call("isHalfway", "storing");
  await first.page.close();
  expect(await second.call("outcome")).toBe("TAB_CLOSED");
  expect(await second.call("becomes", "leading")).toBe(true);
  expect(await second.call("interrupted")).toMatchObject({ kind: "backup", stage: "storing" });
  expect(await second.call("names")).toEqual(["Lisbon"]);
  await second.call("backUp", "Afterwards");
  expect(await second.call("names")).toEqual(["Afterwards", "Lisbon"]);

  const third = await openTab("following");
  await second.call("holdImport");
  await third.call("beginRestore");
  await third.call("isHalfway", "importing");
  await second.page.goto("chrome://crash").catch(() => undefined);
  expect(await third.call("outcome")).toBe("TAB_CLOSED");
  expect(await third.call("becomes", "leading")).toBe(true);
  expect(await third.call("interrupted")).toMatchObject({ kind: "restore", stage: "importing" });
  expect(await third.call("restoreNewest")).toEqual({ restored: messages, expected: messages });
});
