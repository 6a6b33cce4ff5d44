import { rm } from "node:fs/promises";
import type { ExportRequest } from "@xmtp-backup/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeHost } from "../src/host/nodeHost.ts";
import { backupsOf } from "./support/backupsOf.ts";
import { closeClient } from "./support/closeClient.ts";
import { expectNothingLeft } from "./support/expectRefused.ts";
import { type KillWorld, startKillWorld } from "./support/killWorld.ts";

describe("a long backup whose process is killed", () => {
  let world: KillWorld;
  beforeAll(async () => {
    world = await startKillWorld({ messages: 20_500 });
  }, 120_000);
  afterAll(() => world.dispose());

  it("default: the next process goes on with the slices that were done", { timeout: 120_000 }, async () => {
    const { dbPath, places, assignment } = await world.newPhone();
    // Its first backup: there is no archive to build on.
    await rm(places.directory, { recursive: true });
    const child = await world.runChild({ ...assignment, task: "backup", stopAt: { stage: "exporting", when: "halfway" } });
    await child.kill();

    const phone = await world.open(dbPath);
    const host = nodeHost(phone);
    const requests: ExportRequest[] = [];
    const counting = {
      ...host,
      exportArchive: (...[request, ...rest]: Parameters<typeof host.exportArchive>) => {
        if (request.elements.includes("messages")) requests.push(request);
        return host.exportArchive(request, ...rest);
      },
    };
    const backups = backupsOf(phone, places, { host: counting });
    expect(await backups.start()).toMatchObject({ kind: "backup", stage: "exporting" });
    backups.stop();
    const kept = (await host.kept?.list())?.length ?? 0;
    expect(kept).toBeGreaterThan(0);
    const note = (await host.journal.read("slices")) as { cuts: string[] };

    const { entry } = await backups.backup().result;
    expect(requests).toHaveLength(note.cuts.length + 1 - kept);
    expect(entry.details?.counts.messages).toBe(world.messages);
    expect(entry.details).not.toHaveProperty("lacks");
    expect((await backups.inspect(entry)).counts.messages).toBe(world.messages);
    expect([await host.kept?.list(), await host.journal.read("slices")]).toEqual([[], undefined]);
    // A kill while a slice is written leaves a part of its file, which a start removes once it is an hour old.
    await expectNothingLeft(phone, [/\.kept\.[0-9a-f-]+\.part$/]);
    await closeClient(phone);
  });
});
