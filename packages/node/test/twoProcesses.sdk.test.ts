import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stateDirectoryOf } from "../src/host/stateDirectoryOf.ts";
import { backupsOf } from "./support/backupsOf.ts";
import { expectNothingLeft } from "./support/expectRefused.ts";
import { filesIn } from "./support/filesIn.ts";
import { type KillWorld, startKillWorld } from "./support/killWorld.ts";

describe("two processes over one client's database", () => {
  let world: KillWorld;
  beforeAll(async () => {
    world = await startKillWorld({ messages: 50 });
  });
  afterAll(() => world.dispose());

  it.each(["backup", "restore"] as const)(
    "behavior: beside a %s, every task of the other one is TASK_IN_PROGRESS",
    { timeout: 60_000 },
    async (task) => {
      const { dbPath, places, assignment } = await world.newPhone();
      const stage = task === "backup" ? "storing" : "verifying";
      const child = await world.runChild({ ...assignment, task, stopAt: { stage, when: "noted" } });
      expect(child.report).toMatchObject({ kind: "stopped" });

      const phone = await world.open(dbPath);
      const backups = backupsOf(phone, places);
      const [entry] = await backups.list();
      // What the policy remembers is its own, and not of a task.
      const state = async () => Object.entries(await filesIn(stateDirectoryOf(phone))).filter(([name]) => !name.endsWith("policy.json"));
      const untouched = [await filesIn(places.directory), await state()];
      await expect(backups.backup().result).rejects.toMatchObject({ code: "TASK_IN_PROGRESS", retryable: true });
      await expect(backups.restore(entry!).result).rejects.toMatchObject({ code: "TASK_IN_PROGRESS" });
      expect(await backups.start()).toBeUndefined();
      expect([await filesIn(places.directory), await state()]).toEqual(untouched);

      await child.kill();
      expect(await backups.start()).toMatchObject({ kind: task, stage });
      expect((await backups.backup().result).entry.details?.counts.messages).toBe(world.messages);
      await expectNothingLeft(phone);
      backups.stop();
    },
  );

  it("behavior: of two that begin at once, one makes its archive and the other one is told to wait", { timeout: 60_000 }, async () => {
    const { places, assignment } = await world.newPhone();
    const children = await Promise.all(
      [1, 2, 3].map(() => world.runChild({ ...assignment, task: "backup", stopAt: { stage: "confirming", when: "noted" } })),
    );
    const reports = children.map(({ report }) => (report.kind === "failed" ? report.code : report.kind));
    expect(reports.sort()).toEqual(["TASK_IN_PROGRESS", "TASK_IN_PROGRESS", "stopped"]);
    for (const child of children) await child.kill();
    expect(Object.keys(await filesIn(places.directory)).filter((name) => name.endsWith(".manifest.json")).length).toBe(1);
  });
});
