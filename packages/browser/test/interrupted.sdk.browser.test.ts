import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { browserSdkFiles } from "../../../test/browser/browserSdkFiles.ts";
import { oneProfile } from "../../../test/browser/oneProfile.ts";
import type { ScriptPage, Site } from "../../../test/browser/openProfile.ts";
import { startWorld, type World } from "../../node/test/support/world.ts";
import type * as script from "./pages/devicePage.ts";

/** Where a page goes away, and what the next start says of it; Node's tests have every stage. */
type Row = script.Moment & { goes: "closed" | "reloaded"; interruptedIn: string; isListed?: true };

const rows: Row[] = [
  { task: "backup", stage: "storing", when: "halfway", goes: "closed", interruptedIn: "storing" },
  { task: "backup", stage: "storing", when: "halfway", goes: "reloaded", interruptedIn: "storing" },
  { task: "backup", stage: "pruning", when: "entered", goes: "closed", interruptedIn: "listing", isListed: true },
  { task: "restore", stage: "importing", when: "halfway", goes: "closed", interruptedIn: "importing" },
  { task: "restore", stage: "importing", when: "halfway", goes: "reloaded", interruptedIn: "importing" },
];

/** Two chunks of an import, which ends one at four megabytes. */
const [messages, bytes] = [44, 100_000];

const profileFor = oneProfile<typeof script>(async () => ({
  entry: new URL("./pages/devicePage.ts", import.meta.url),
  files: await browserSdkFiles(),
}));

describe("a page that goes away in the middle of a task, in Chromium", { timeout: 90_000 }, () => {
  let world: World;
  let privateKey: ReturnType<World["newPerson"]>["privateKey"];
  let preparing: Promise<Site<typeof script>> | undefined;
  beforeAll(async () => {
    world = await startWorld();
    ({ privateKey } = world.newPerson());
  });
  afterAll(() => world.dispose());

  async function openTab(site: Site<typeof script>): Promise<ScriptPage<typeof script>> {
    const tab = await site.openPage();
    await tab.call("open", world.network.url, privateKey);
    return tab;
  }

  /** A site with many messages and one archive of them; each test leaves it like that, perhaps with more archives. */
  async function siteFor(context: TestContext): Promise<Site<typeof script>> {
    const profile = await profileFor(context);
    preparing ??= profile.openSite().then(async (site) => {
      const { page, call } = await openTab(site);
      await call("fill", messages, bytes);
      await call("backUp", "Earlier");
      await page.close();
      return site;
    });
    return preparing;
  }

  async function goAway({ page, call }: ScriptPage<typeof script>, { goes, task, stage, when }: Row): Promise<unknown> {
    const moment = { task, stage, when } as script.Moment;
    if (goes === "reloaded") return call("holdAt", moment);
    const dialog = page.waitForEvent("dialog");
    call("stopAt", moment).catch(() => undefined);
    return JSON.parse((await dialog).message());
  }

  it.for(rows)("behavior: $task, $stage ($when): $goes", async (row, context) => {
    const { task, goes, interruptedIn, isListed = false } = row;
    const site = await siteFor(context);
    let tab = await openTab(site);
    if (task === "restore") {
      await tab.call("loseDatabase");
      await tab.call("open", world.network.url, privateKey);
    }
    const [files, archives] = [await tab.call("storedFiles"), await tab.call("list")];
    expect(await goAway(tab, row)).toMatchObject(isListed ? { safe: true } : { safe: false, losing: task });
    if (goes === "closed") {
      await tab.page.close();
      tab = await openTab(site);
    } else {
      await tab.page.reload();
      await tab.call("open", world.network.url, privateKey);
    }

    const { page, call } = tab;
    expect(await call("start")).toMatchObject({ kind: task, stage: interruptedIn });
    expect(await call("storedFiles")).toHaveLength(files.length + (isListed ? 2 : 0));
    const listed = await call("list");
    expect(listed.slice(isListed ? 1 : 0)).toEqual(archives);
    const newest = listed[0]?.id ?? "";
    if (task === "backup") {
      expect(await call("inspect", newest)).toBe(messages);
      await call("backUp", "Afterwards");
      expect((await call("list"))[0]).toMatchObject({ name: "Afterwards", messages });
    } else {
      const there = await call("countMessages");
      expect(0 < there && there < messages).toBe(true);
      const restored = await call("restore", newest);
      expect(restored.messages).toEqual({ restored: messages, expected: messages });
      if (goes === "reloaded") expect(restored.steps).toEqual([messages]);
    }
    expect(await call("countMessages")).toBe(messages);
    expect(await call("start")).toBeNull();
    await page.close();
  });
});
