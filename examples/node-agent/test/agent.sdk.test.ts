import type { Dm, Group } from "@xmtp/node-sdk";
import { mkdir } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { nodeOnNewerLibc } from "../../../scripts/nodeOnNewerLibc.ts";
import { newerNodeOrSkip } from "../../../test/newerNodeOrSkip.ts";
import type { Container } from "../src/container.ts";
import { createStage, type Stage } from "./support/stage.ts";

/** An app that sends looks for new installations of the others, unless it did in the last 5 seconds: the rule of the SDK. */
const untilAliceLooksMs = 5_200;

/** A first container talked with Alice, was stopped, and its disk is gone. */
describe("an agent whose containers come and go", { timeout: 120_000 }, () => {
  let stage: Stage;
  let dm: Dm;
  let group: Group;
  let sentAtMs: number;

  beforeAll(async () => {
    const { path } = nodeOnNewerLibc();
    if (path === undefined) return;
    stage = await createStage(path);
    const first = await online(stage.start("first"));
    expect(await stage.list()).toMatchObject([{ details: { counts: { messages: 0 } } }]);
    dm = await stage.alice.conversations.createDmWithIdentifier(await stage.identifier);
    group = await stage.alice.conversations.createGroup([dm.peerInboxId], { groupName: "Lisbon in May" });
    await dm.sendText("Hello");
    await first.line(/answered “Hello”/);
    await group.sendText("Hello all");
    await first.line(/answered “Hello all”/);
    sentAtMs = Date.now();
    expect(await first.end("SIGTERM")).toBe(0);
  }, 120_000);
  afterAll(() => stage?.dispose());
  afterEach(({ task }) => {
    if (task.result?.state === "fail") stage?.printLines();
  });

  it("default: a new container has the messages of the dead ones and answers new ones alone; their archives and installations go", async (context) => {
    newerNodeOrSkip(context);
    const [newest] = await stage.list();
    expect(newest).toMatchObject({ details: { counts: { conversations: 2, messages: 4 } } });

    const keepTwo = { KEEP_LAST: "2" };
    for (const disk of ["second", "third"]) {
      const container = await online(stage.start(disk, keepTwo));
      expect(container.lines).toContain("restored 4 of 4 messages");
      await container.end("SIGKILL");
    }
    const last = await online(stage.start("last", keepTwo));
    expect(await stage.installations()).toBe(1);
    // Its own, one more that the rule keeps, and one of the container before, which was in the inbox until now.
    expect(await makers()).toHaveLength(3);

    await wait(Math.max(0, untilAliceLooksMs - (Date.now() - sentAtMs)));
    await group.sendText("Still there?");
    await last.line(/answered “Still there\?”/);
    await dm.sendText("And here?");
    await last.line(/answered “And here\?”/);
    await last.line(/2 of 2 restored conversations can be written/);
    expect(answersOf(last)).toEqual(["answered “Still there?”", "answered “And here?”"]);
    // No restored message reached a handler: it could not have been answered.
    expect(last.lines.filter((line) => line.startsWith("could not answer"))).toEqual([]);
    await dm.sync();
    expect((await dm.messages()).at(-1)?.content).toMatchObject({ content: "I know 3 messages of ours" });

    expect(await last.end("SIGTERM")).toBe(0);
    expect(new Set(await makers()).size).toBe(1);
    expect((await stage.list())[0]).toMatchObject({ details: { counts: { messages: 8 } } });

    // With its database a container needs neither a restore nor the place for archives to start.
    const again = await online(stage.start("last", { ARCHIVES: `${stage.archives}-unmounted` }));
    await again.line(/^error: STORE_UNAVAILABLE: /);
    await dm.sendText("Once more");
    await again.line(/answered “Once more”/);
    expect(answersOf(again)).toEqual(["answered “Once more”"]);
    expect(again.lines.filter((line) => line.startsWith("restored"))).toEqual([]);
    // The last backup can't be kept, and is heard of beside the start.
    expect(await again.end("SIGTERM")).toBe(0);
    expect(again.lines.filter((line) => line.startsWith("error: STORE_UNAVAILABLE")).length).toBeGreaterThanOrEqual(2);
  });

  it("behavior: an empty disk does not start while its history can't be looked for, and takes no installation", async (context) => {
    newerNodeOrSkip(context);
    const [archives, installations] = [await makers(), await stage.installations()];
    await Promise.all([
      refused({ ARCHIVES: `${stage.archives}-unmounted` }, "STORE_UNAVAILABLE"),
      refused({ XMTP_BACKUP_KEY: "01".repeat(32) }, "KEY_WRONG"),
      refused({ XMTP_BACKUP_KEY: "" }, "KEY_MISSING"),
    ]);
    expect(await makers()).toEqual(archives);
    expect(await stage.installations()).toBe(installations);
  });

  it("behavior: an inbox that was used before does not start with an empty place for archives, unless the operator accepts that", async (context) => {
    newerNodeOrSkip(context);
    const empty = `${stage.archives}-empty`;
    await mkdir(empty);
    await refused({ ARCHIVES: empty }, "HISTORY_MISSING");
    const disk = crypto.randomUUID();
    const container = await online(stage.start(disk, { ARCHIVES: empty, ACCEPT_MISSING_HISTORY: "yes" }));
    expect(container.lines.filter((line) => line.startsWith("restored"))).toEqual([]);
    await container.end("SIGKILL");

    // With its database it starts under a wrong key too, and the operator hears of that.
    const mistaken = await online(stage.start(disk, { XMTP_BACKUP_KEY: "01".repeat(32) }));
    await mistaken.line(/^error: KEY_WRONG: |^xmtp-backup: KEY_WRONG: /);
    await mistaken.end("SIGKILL");
  });

  async function refused(environment: Record<string, string>, code: string): Promise<void> {
    const container = stage.start(crypto.randomUUID(), environment);
    expect(await container.exited, container.lines.join("\n")).toBe(1);
    expect(container.lines.join("\n")).toContain(code);
    expect(container.lines).not.toContain("online");
  }

  async function makers(): Promise<(string | undefined)[]> {
    return (await stage.list()).map(({ details }) => details?.installationId);
  }
});

async function online(container: Container): Promise<Container> {
  await container.line(/^online$/);
  return container;
}

function answersOf({ lines }: Container): string[] {
  return lines.filter((line) => line.startsWith("answered"));
}
