import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StopPoint } from "./support/assignment.ts";
import { backupsOf } from "./support/backupsOf.ts";
import { closeClient } from "./support/closeClient.ts";
import { messagesIn } from "./support/contentOf.ts";
import { expectNothingLeft } from "./support/expectRefused.ts";
import { filesIn } from "./support/filesIn.ts";
import { type KillWorld, startKillWorld } from "./support/killWorld.ts";

/** What the next start says of a backup that was killed there: the last stage that was noted, or nothing. */
type Row = StopPoint & { interruptedIn?: string; isListed?: boolean; fresh?: boolean };

const rows: Row[] = [
  { stage: "preparing", when: "entered" },
  { stage: "exporting", when: "noted", interruptedIn: "exporting" },
  { stage: "merging", when: "halfway", interruptedIn: "merging" },
  { stage: "verifying", when: "halfway", interruptedIn: "verifying" },
  { stage: "storing", when: "halfway", interruptedIn: "storing" },
  { stage: "confirming", when: "halfway", interruptedIn: "confirming" },
  { stage: "listing", when: "noted", interruptedIn: "listing" },
  { stage: "pruning", when: "noted", interruptedIn: "pruning", isListed: true },
  { stage: "cleaning", when: "entered", interruptedIn: "pruning", isListed: true },
];
const betweenSlices: Row = { stage: "exporting", when: "halfway", interruptedIn: "exporting", fresh: true };

async function killAndStart(world: KillWorld, { stage, when, interruptedIn, isListed = false, fresh = false }: Row): Promise<void> {
  const { dbPath, places, assignment } = await world.newPhone();
  const earlier = await filesIn(places.directory);
  const child = await world.runChild({ ...assignment, task: "backup", fresh, stopAt: { stage, when } });
  await child.kill();
  expect(child.report).toEqual({
    kind: "stopped",
    closing: isListed ? { safe: true } : { safe: false, losing: "backup" },
  });

  const phone = await world.open(dbPath);
  const backups = backupsOf(phone, places);
  const interrupted = await backups.start();
  expect(interrupted).toEqual(interruptedIn === undefined ? undefined : expect.objectContaining({ kind: "backup", stage: interruptedIn }));
  await expectNothingLeft(phone);
  expect(await filesIn(places.directory)).toMatchObject(earlier);
  expect((await readdir(places.directory)).length).toBe(isListed ? 4 : 2);
  const entries = await backups.list();
  expect(entries.map(({ id }) => id).includes(interrupted?.archiveId ?? "")).toBe(isListed);
  for (const entry of entries) expect((await backups.inspect(entry)).counts.messages).toBe(world.messages);

  const { entry } = await backups.backup().result;
  expect(entry.details?.counts.messages).toBe(world.messages);
  expect(await backups.start()).toBeUndefined();
  expect(await messagesIn(phone)).toBe(world.messages);
  await closeClient(phone);
}

describe("a backup that is killed", () => {
  let world: KillWorld;
  beforeAll(async () => {
    world = await startKillWorld({ messages: 1_500 });
  });
  afterAll(() => world.dispose());

  it.concurrent.for(rows)("behavior: $stage ($when)", { timeout: 60_000 }, (row) => killAndStart(world, row));
});

describe("a backup of several time slices that is killed", () => {
  let world: KillWorld;
  beforeAll(async () => {
    world = await startKillWorld({ messages: 5_500 });
  });
  afterAll(() => world.dispose());

  it("behavior: between two of them", { timeout: 60_000 }, () => killAndStart(world, betweenSlices));
});
