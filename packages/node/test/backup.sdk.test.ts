import { readdir } from "node:fs/promises";
import type { BackupState, Element } from "@xmtp-backup/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backupsOf } from "./support/backupsOf.ts";
import { expectNothingLeft } from "./support/expectRefused.ts";
import { filesIn } from "./support/filesIn.ts";
import { startTalk, type Talk } from "./support/talk.ts";

describe("backup", () => {
  let talk: Talk;
  beforeAll(async () => {
    talk = await startTalk();
  });
  afterAll(() => talk.world.dispose());

  it("default: an archive of everything, with its manifest beside it and nothing else", async () => {
    const { phone, group, dm } = talk;
    const places = talk.newPlaces();
    const backups = backupsOf(phone, places, { appVersion: "1.2.3" });
    const { entry, prunedIds } = await backups.backup({ name: "Before iOS update" }).result;
    expect(entry).toMatchObject({ seal: "open", keyFingerprint: expect.stringMatching(/^[0-9a-f]{16}$/) as string });
    expect(entry.details).toMatchObject({
      name: "Before iOS update",
      inboxId: phone.inboxId,
      installationId: phone.installationId,
      elements: ["consent", "messages"],
      counts: { conversations: 2, messages: 4, consentRecords: 3 },
      trigger: "manual",
      appVersion: "1.2.3",
    });
    expect(new Map(entry.details?.conversations.map(({ id, messages }) => [id, messages]))).toEqual(
      new Map([
        [group.id, 2],
        [dm.id, 2],
      ]),
    );
    expect(entry.details?.missingMessages).toBeUndefined();
    expect(prunedIds).toEqual([]);
    expect((await readdir(places.directory)).sort()).toEqual([`${entry.id}.manifest.json`, `${entry.id}.xmtp`]);
    expect(await backups.list()).toEqual([entry]);
    await expectNothingLeft(phone);
  });

  it("default: goes through every stage once and in order", async () => {
    const task = backupsOf(talk.phone, talk.newPlaces()).backup();
    const states: BackupState[] = [task.getState()];
    task.subscribe(() => states.push(task.getState()));
    await task.result;
    const stages = states.map((state) => (state.status === "running" ? state.stage : state.status));
    expect(stages.filter((stage, index) => stage !== stages[index - 1])).toEqual([
      "preparing",
      "exporting",
      "merging",
      "verifying",
      "storing",
      "confirming",
      "listing",
      "pruning",
      "cleaning",
      "succeeded",
    ]);
  });

  it.each<[Element[], { conversations: number; messages: number; consentRecords: number }]>([
    [["consent"], { conversations: 0, messages: 0, consentRecords: 3 }],
    [["messages"], { conversations: 2, messages: 4, consentRecords: 0 }],
  ])("parameters: elements: %j", async (elements, counts) => {
    const { entry } = await backupsOf(talk.phone, talk.newPlaces()).backup({ elements }).result;
    expect(entry.details).toMatchObject({ elements, counts });
  });

  it("parameters: trigger: is kept with the archive", async () => {
    const { entry } = await backupsOf(talk.phone, talk.newPlaces()).backup({ trigger: "schedule" }).result;
    expect(entry.details?.trigger).toBe("schedule");
  });

  it("parameters: policy: keeps the newest, and those with a name", async () => {
    const places = talk.newPlaces();
    const backups = backupsOf(talk.phone, places, { policy: { keep: { last: 1 } } });
    const { entry: named } = await backups.backup({ name: "Forever" }).result;
    const { entry: first } = await backups.backup().result;
    const { entry: second, prunedIds } = await backups.backup().result;
    expect(prunedIds).toEqual([first.id]);
    expect((await backups.list()).map(({ id }) => id)).toEqual([second.id, named.id]);
  });

  it("behavior: of a client that holds nothing", async () => {
    const { world, newPlaces } = talk;
    const nobody = await world.open(world.newPerson());
    const { entry } = await backupsOf(nobody, newPlaces()).backup().result;
    expect(entry.details?.counts).toEqual({ conversations: 0, messages: 0, consentRecords: 0 });
  });

  it.each(["exporting", "merging", "verifying", "storing", "confirming"])(
    "behavior: cancelled while %s, it leaves the store as it was",
    async (stage) => {
      const places = talk.newPlaces();
      const backups = backupsOf(talk.phone, places);
      await backups.backup({ name: "Earlier" }).result;
      const before = await filesIn(places.directory);
      const task = backups.backup();
      task.subscribe(() => {
        const state = task.getState();
        if (state.status === "running" && state.stage === stage) void task.cancel();
      });
      await expect(task.result).rejects.toMatchObject({ name: "AbortError" });
      expect(task.getState()).toEqual({ status: "cancelled" });
      expect(await filesIn(places.directory)).toEqual(before);
      await expectNothingLeft(talk.phone);
      expect((await backups.backup().result).entry.details?.counts.messages).toBe(4);
    },
  );
});
