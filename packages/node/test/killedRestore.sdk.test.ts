import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StopPoint } from "./support/assignment.ts";
import { backupsOf } from "./support/backupsOf.ts";
import { closeClient } from "./support/closeClient.ts";
import { deleteDevice } from "./support/copyDevice.ts";
import { messagesIn } from "./support/contentOf.ts";
import { currentOf } from "./support/currentOf.ts";
import { expectNothingLeft } from "./support/expectRefused.ts";
import { filesIn } from "./support/filesIn.ts";
import { nodeHost } from "../src/host/nodeHost.ts";
import { type KillWorld, startKillWorld } from "./support/killWorld.ts";
import { until } from "../../../test/until.ts";

/** What the next start says of a restore that was killed there, and how much of the archive is in by then. */
type Row = StopPoint & { interruptedIn?: string; imported: "nothing" | "a part" | "everything"; isTracked?: true };

const rows: Row[] = [
  { stage: "preparing", when: "entered", imported: "nothing" },
  { stage: "fetching", when: "noted", interruptedIn: "fetching", imported: "nothing" },
  { stage: "verifying", when: "halfway", interruptedIn: "verifying", imported: "nothing" },
  { stage: "awaitingConfirmation", when: "entered", interruptedIn: "verifying", imported: "nothing" },
  { stage: "importing", when: "noted", interruptedIn: "importing", imported: "a part" },
  { stage: "importing", when: "halfway", interruptedIn: "importing", imported: "a part" },
  { stage: "checking", when: "halfway", interruptedIn: "checking", imported: "everything" },
  { stage: "cleaning", when: "entered", interruptedIn: "checking", imported: "everything", isTracked: true },
];

describe("a restore that is killed", () => {
  let world: KillWorld;
  beforeAll(async () => {
    world = await startKillWorld({ messages: 1_500 });
  });
  afterAll(() => world.dispose());

  it.concurrent.for(rows)(
    "behavior: $stage ($when)",
    { timeout: 60_000 },
    async ({ stage, when, interruptedIn, imported, isTracked = false }) => {
      const { dbPath, places, assignment } = await world.newInstallation();
      const files = await filesIn(places.directory);
      const child = await world.runChild({ ...assignment, task: "restore", stopAt: { stage, when } });
      await child.kill();
      expect(child.report).toEqual({
        kind: "stopped",
        closing: isTracked ? { safe: true } : { safe: false, losing: "restore", hasBegun: imported !== "nothing" },
      });

      const phone = await world.open(dbPath);
      const backups = backupsOf(phone, places);
      const [entry] = await backups.list();
      const told: number[] = [];
      backups.imported$.subscribe(({ conversations }) => told.push(conversations.reduce((sum, { messages }) => sum + messages, 0)));
      const interrupted = await backups.start();
      await until(async () => (await nodeHost(phone).journal.read("bringing")) === undefined);
      expect(interrupted).toEqual(
        interruptedIn === undefined ? undefined : expect.objectContaining({ kind: "restore", stage: interruptedIn, archiveId: entry?.id }),
      );
      await expectNothingLeft(phone, imported === "nothing" ? [] : [/import\.json$/]);
      expect(await filesIn(places.directory)).toEqual(files);
      const before = await messagesIn(phone);
      // What the killed process did not tell is told by the next start; whoever reached its end has told it.
      expect(told.slice(1)).toEqual(before === 0 || isTracked ? [] : [before]);
      if (imported === "nothing") expect(before).toBe(0);
      else if (imported === "everything") expect(before).toBe(world.messages);
      else expect(before).toBeLessThan(world.messages);
      if (isTracked) expect(currentOf(backups.activation$)).toMatchObject({ total: 3, active: 0 });

      const result = await backups.restore(entry!).result;
      expect(result).toMatchObject({ messages: { restored: world.messages, expected: world.messages }, incompleteConversationIds: [] });
      expect(result.imported.reduce((sum, { messages }) => sum + messages, 0)).toBe(world.messages - before);
      expect(await messagesIn(phone)).toBe(world.messages);
      for (const { id } of await phone.conversations.list()) expect(backups.canWrite(id)).toBe(false);
      await expectNothingLeft(phone);
      expect((await backups.backup().result).entry.details?.counts.messages).toBe(world.messages);
      expect(await backups.start()).toBeUndefined();
      backups.stop();
      await closeClient(phone);
    },
  );

  it.concurrent("behavior: a new installation in the place of the old one does not go on where that one was", {
    timeout: 60_000,
  }, async () => {
    const { dbPath, places, assignment } = await world.newInstallation();
    const child = await world.runChild({ ...assignment, task: "restore", stopAt: { stage: "importing", when: "halfway" } });
    await child.kill();
    await deleteDevice(dbPath);
    const phone = await world.open(dbPath);
    const backups = backupsOf(phone, places);
    await backups.start();
    const [entry] = await backups.list();
    const result = await backups.restore(entry!).result;
    expect(result).toMatchObject({ messages: { restored: world.messages, expected: world.messages }, incompleteConversationIds: [] });
    backups.stop();
  });
});
