import { expect, type TestContext, test, vi } from "vitest";
import { oneProfile } from "../../../test/browser/oneProfile.ts";
import type * as script from "./pages/tabsPage.ts";

const profileFor = oneProfile<typeof script>(async () => ({ entry: new URL("./pages/tabsPage.ts", import.meta.url) }));

type Tab = Awaited<ReturnType<Awaited<ReturnType<Awaited<ReturnType<typeof profileFor>>["openSite"]>>["openPage"]>>;

/** Tabs of one origin; the first leads. */
async function tabs(context: TestContext, ...options: NonNullable<Parameters<typeof script.join>[0]>[]) {
  const { openPage } = await (await profileFor(context)).openSite();
  const opened: Tab[] = [];
  for (const each of options) {
    const tab = await openPage();
    await tab.call("join", each);
    await tab.call("becomes", each.failing ? "failed" : opened.length === 0 ? "leading" : "following");
    opened.push(tab);
  }
  return opened as [Tab, Tab, Tab];
}

/** What a page hears before it is frozen, and when it is back: a browser without windows freezes none by itself. */
async function tellLifecycle({ page }: Tab, event: "freeze" | "resume"): Promise<void> {
  await page.evaluate(`document.dispatchEvent(new Event("${event}"))`);
}

/** Lets no script of a page run until the returned function is called. */
async function block({ page }: Tab): Promise<() => Promise<unknown>> {
  const devTools = await page.context().newCDPSession(page);
  await devTools.send("Debugger.enable");
  await devTools.send("Debugger.pause");
  return () => devTools.send("Debugger.disable");
}

test("default: one tab opens the client and leads, the other uses its backups", async (context) => {
  const [leader, follower] = await tabs(context, {}, {});
  expect(await leader.call("becomes", "leading")).toEqual(["joining", "opening", "leading"]);
  expect(await follower.call("opens")).toEqual({ times: 0, closed: 0 });
  await follower.call("beginBackup", "From the second tab");
  expect(await follower.call("outcome")).toBe("From the second tab");
  expect(await leader.call("names")).toEqual(["From the second tab"]);
  await follower.call("renameNewest", "Lisbon");
  expect(await leader.call("names")).toEqual(["Lisbon"]);
  expect(await follower.call("start")).toBe("nothing");
  await vi.waitFor(async () => expect(await follower.call("status")).toEqual(await leader.call("status")));
});

test("behavior: closing a follower loses nothing, and what it began goes on", async (context) => {
  const [leader, follower] = await tabs(context, {}, {});
  await leader.call("hold");
  await follower.call("beginBackup", "Goes on");
  await leader.call("reaches", "exporting");
  expect(await follower.call("closingAdvice")).toEqual({ safe: true });
  expect(await leader.call("closingAdvice")).toMatchObject({ safe: false, losing: "backup" });
  await follower.page.close();
  await leader.call("go");
  await vi.waitFor(async () => expect(await leader.call("names")).toEqual(["Goes on"]));
});

test("behavior: a leader that is closed in the middle of a backup: another takes over, says so, and goes on without an end", async (context) => {
  const [leader, second, third] = await tabs(context, {}, {}, {});
  await leader.call("hold");
  await third.call("beginBackup", "Lost");
  await second.call("reaches", "exporting");
  await leader.page.close();
  expect(await third.call("outcome")).toBe("TAB_CLOSED");
  expect(await second.call("becomes", "leading")).toEqual(["joining", "following", "opening", "leading"]);
  expect(await Promise.all([second, third].map((tab) => tab.call("interrupted")))).toEqual(["backup", "backup"]);
  await third.call("becomes", "following");
  await third.call("beginBackup", "After it");
  expect(await third.call("outcome")).toBe("After it");
  expect(await second.call("names")).toEqual(["After it"]);
  expect(await second.call("observed")).toMatchObject({ hasEnded: false });
  expect(await third.call("observed")).toMatchObject({ hasEnded: false });
});

test("behavior: a leader that crashes is followed by another", async (context) => {
  const [leader, second] = await tabs(context, {}, {});
  await leader.page.goto("chrome://crash").catch(() => undefined);
  await second.call("becomes", "leading");
  expect(await second.call("names")).toEqual([]);
  await leader.page.close();
});

test("behavior: a leader that stops ends its task first, closes its client, and hands over", async (context) => {
  const [leader, second] = await tabs(context, {}, {});
  await leader.call("hold");
  await second.call("beginBackup", "Finished");
  await leader.call("reaches", "exporting");
  const stopping = leader.call("stop");
  await leader.call("go");
  expect(await second.call("outcome")).toBe("Finished");
  await stopping;
  expect(await leader.call("opens")).toEqual({ times: 1, closed: 1 });
  await second.call("becomes", "leading");
  expect(await second.call("names")).toEqual(["Finished"]);
});

test("behavior: a leader that is frozen at rest hands over, and follows when it is back", async (context) => {
  const [leader, second] = await tabs(context, {}, {});
  await tellLifecycle(leader, "freeze");
  await second.call("becomes", "leading");
  await tellLifecycle(leader, "resume");
  await leader.call("becomes", "following");
  expect(await leader.call("opens")).toEqual({ times: 1, closed: 1 });
  await second.page.close();
  await leader.call("becomes", "leading");
  expect(await leader.call("opens")).toEqual({ times: 2, closed: 1 });
});

test("behavior: a leader that is frozen at work keeps its place", async (context) => {
  const [leader, second] = await tabs(context, {}, {});
  await leader.call("hold");
  await second.call("beginBackup", "Goes on");
  await leader.call("reaches", "exporting");
  await tellLifecycle(leader, "freeze");
  await leader.call("go");
  expect(await second.call("outcome")).toBe("Goes on");
  expect(await leader.call("becomes", "leading")).toEqual(["joining", "opening", "leading"]);
});

test("behavior: calls to a leader that does not answer fail in time, and are not done later", async (context) => {
  const [leader, second] = await tabs(context, {}, { answerWithinMs: 500 });
  const unblock = await block(leader);
  await second.call("beginBackup", "Never");
  expect(await second.call("outcome")).toBe("TAB_SILENT");
  await unblock();
  expect(await second.call("names")).toEqual([]);
  expect(await leader.call("names")).toEqual([]);
});

test("behavior: a tab that can't open the backups says why, and tries again when it is asked to", async (context) => {
  const [failed] = await tabs(context, { failing: 1 });
  expect(await failed.call("listing")).toBe("CLIENT_CLOSED");
  expect(await failed.call("start")).toBe("nothing");
  await failed.call("becomes", "leading");
});

test("behavior: a leader that can't start says so in its console, and tries again when it is online", async (context) => {
  const { openPage } = await (await profileFor(context)).openSite();
  const tab = await openPage();
  const warnings: string[] = [];
  tab.page.on("console", (message) => void (message.type() === "warning" && warnings.push(message.text())));
  await tab.call("join", { failingStarts: 1 });
  await vi.waitFor(() => expect(warnings).toEqual([expect.stringMatching(/^xmtp-backup: start failed \(HOST_FAILED\)/)]), {
    timeout: 20_000,
  });
  expect(await tab.call("triedToStart")).toBe(1);
  await tab.page.evaluate(`dispatchEvent(new Event("online"))`);
  expect(await tab.call("follows")).toBe(2);
});

test("parameters: wrong options of what tabs share are refused at once", async (context) => {
  const { openPage } = await (await profileFor(context)).openSite();
  const tab = await openPage();
  const wrong = [{ logger: {} }, { logger: "console" }, { answerWithinMs: 0 }, { answerWithinMs: -1 }, { loger: false }];
  for (const each of wrong) expect([each, await tab.call("misjoin", each)]).toEqual([each, "OPTIONS_INVALID"]);
});

test("browserDevice behavior: a page that is seen again or thawed, and a network that is back, are told", async (context) => {
  const [tab] = await tabs(context, {});
  await tab.call("watchDevice");
  await tab.page.evaluate(`document.dispatchEvent(new Event("visibilitychange"))`);
  await tellLifecycle(tab, "freeze");
  await tellLifecycle(tab, "resume");
  expect(await tab.call("heardOfDevice")).toEqual(["wake", "wake"]);
  await tab.page.context().setOffline(true);
  await tab.page.context().setOffline(false);
  await vi.waitFor(async () => expect(await tab.call("heardOfDevice")).toEqual(expect.arrayContaining(["changed", "online"])));
});

test("behavior: in a frame that may not talk to other tabs the role is failed, and calls say why", async (context) => {
  const { openPage } = await (await profileFor(context)).openSite();
  const { page } = await openPage();
  const source: unknown = await page.evaluate(`fetch("/entry.js").then((response) => response.text())`);
  await page.evaluate(`new Promise((resolve) => {
    const frame = Object.assign(document.createElement("iframe"), { srcdoc: "<title>frame</title>", onload: resolve });
    frame.sandbox = "allow-scripts";
    document.body.append(frame);
  })`);
  const frame = page.frames().find((each) => each !== page.mainFrame());
  // The frame's origin is nobody's, so that it can't fetch the script itself.
  const outcome = await frame?.evaluate(`(async () => {
    const script = new Blob([${JSON.stringify(source)}], { type: "text/javascript" });
    const tab = await import(URL.createObjectURL(script));
    tab.join();
    return { roles: [...(await tab.becomes("failed"))], list: await tab.listing(), start: await tab.start(), opens: tab.opens() };
  })()`);
  expect(outcome).toEqual({
    roles: ["joining", "failed"],
    list: "JOURNAL_FAILED",
    start: "JOURNAL_FAILED",
    opens: { times: 0, closed: 0 },
  });
});

test.for<[title: string, change: string]>([
  ["there are no locks", `Object.defineProperty(navigator, "locks", { value: undefined })`],
  ["locks are refused", `navigator.locks.request = () => { throw new DOMException("Refused.", "SecurityError"); }`],
  ["a channel is refused", `BroadcastChannel = class { constructor() { throw new DOMException("Refused.", "SecurityError"); } }`],
  ["there is no channel", `delete globalThis.BroadcastChannel`],
])("behavior: where %s the role is failed, and calls say why", async ([, change], context) => {
  const { openPage } = await (await profileFor(context)).openSite();
  const tab = await openPage();
  await tab.page.evaluate(change);
  await tab.call("join", {});
  await tab.call("becomes", "failed");
  expect(await tab.call("listing")).toBe("JOURNAL_FAILED");
  expect(await tab.call("start")).toBe("JOURNAL_FAILED");
});
