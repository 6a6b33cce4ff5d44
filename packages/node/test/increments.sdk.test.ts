import { type ArchiveEntry, systemClock } from "@xmtp-backup/core";
import type { Client } from "@xmtp/node-sdk";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fileKeys } from "../src/keys/fileKeys.ts";
import { backupsOf, placesIn } from "./support/backupsOf.ts";
import { chat, dmTexts, groupTexts, textsOf } from "./support/chat.ts";
import { closeClient } from "./support/closeClient.ts";
import { startWorld } from "./support/world.ts";

// These clients hold little, so an increment may weigh as much as the whole archive.
const policy = { increments: { maxShare: 1 }, keep: { last: "all" } } as const;
/** Two hours ahead, so that each night counts as past. */
const clock = { ...systemClock, now: () => Date.now() + 7_200_000 };

/** A whole archive and two increments of a client, whose messages come one by one. */
async function threeNights() {
  const world = await startWorld();
  const [bob, person] = [await world.open(world.newPerson()), world.newPerson()];
  const client = await world.open(person);
  const places = placesIn(world.newPath("places"));
  const { group, dm } = await chat(client, bob);
  const backups = backupsOf(client, places, { policy, clock });
  const entries: ArchiveEntry[] = [(await backups.backup().result).entry];
  await dm.sendText("The second night");
  await group.updateName("Lisbon in June");
  entries.push((await backups.backup().result).entry);
  await group.sendText("The third night");
  entries.push((await backups.backup().result).entry);
  await closeClient(client);
  return { world, person, places, entries, group, dm };
}

async function expectAll(client: Client, group: { id: string }, dm: { id: string }): Promise<void> {
  expect(await textsOf(client, group.id)).toEqual([...groupTexts, "The third night"]);
  expect(await textsOf(client, dm.id)).toEqual([...dmTexts, "The second night"]);
  expect(client.conversations.listGroups().map(({ name }) => name)).toEqual(["Lisbon in June"]);
}

describe("increments, on the real SDK", () => {
  it("default: a restore of the newest point brings what all of its archives hold", { timeout: 60_000 }, async () => {
    const { world, person, places, entries, group, dm } = await threeNights();
    try {
      expect(entries.map(({ details }) => details?.increment?.chainLength)).toEqual([undefined, 1, 2]);
      const tablet = await world.open(person);
      const backups = backupsOf(tablet, places, { policy, clock });
      await backups.restore(entries[2] as ArchiveEntry).result;
      await expectAll(tablet, group, dm);
    } finally {
      await world.dispose();
    }
  });

  it("behavior: the SDK's own import takes them one after the other", { timeout: 60_000 }, async () => {
    const { world, person, places, entries, group, dm } = await threeNights();
    try {
      const tablet = await world.open(person);
      const [key] = await fileKeys({ path: places.keyPath }).load();
      for (const { id } of entries) await tablet.importArchive(join(places.directory, `${id}.xmtp`), key as Uint8Array);
      expect(await textsOf(tablet, group.id)).toEqual([...groupTexts, "The third night"]);
      expect(await textsOf(tablet, dm.id)).toEqual([...dmTexts, "The second night"]);
    } finally {
      await world.dispose();
    }
  });
});
