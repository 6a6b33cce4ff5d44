import type { Backups } from "@xmtp-backup/core";
import { type Client, Dm, Group } from "@xmtp/node-sdk";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { fileStore } from "../src/store/fileStore.ts";
import { guardedMethods } from "@xmtp-backup/core/sdk";
import { backupsOf, type Places } from "./support/backupsOf.ts";
import { find, groupTexts, textsOf } from "./support/chat.ts";
import { contentOf } from "./support/contentOf.ts";
import { startTalk, type Talk } from "./support/talk.ts";

describe("a restored conversation before it is active", () => {
  let talk: Talk;
  let places: Places;
  let fresh: Client;
  let backups: Backups;
  beforeAll(async () => {
    talk = await startTalk();
    places = talk.newPlaces();
    const { entry } = await backupsOf(talk.phone, places).backup().result;
    fresh = await talk.world.open(talk.alice);
    backups = backupsOf(fresh, places);
    await backups.restore(entry).result;
  });
  afterAll(async () => {
    backups.stop();
    await talk.world.dispose();
  });

  describe.each(["group", "dm"] as const)("%s", (kind) => {
    let conversation: Group | Dm;
    beforeEach(async () => {
      conversation = await find(fresh, talk[kind].id);
    });

    it("default: is read and listed, and says that it is inactive", async () => {
      expect(conversation).toBeInstanceOf(kind === "group" ? Group : Dm);
      expect([conversation.isActive, (await conversation.messages()).length, await conversation.members()]).toEqual([false, 2, []]);
      expect(backups.canWrite(conversation.id)).toBe(false);
    });

    it("behavior: every method that writes or syncs rejects before it reaches the SDK or the network", async () => {
      const guarded = backups.guardWrites(conversation);
      const own = guardedMethods.filter((name) => name in conversation);
      const before = [await contentOf(fresh), sends(talk)];
      for (const name of own) {
        const method = (guarded as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>)[name];
        await expect(method?.("x")).rejects.toMatchObject({ name: "BackupError", code: "CONVERSATION_INACTIVE", retryable: true });
      }
      expect([await contentOf(fresh), sends(talk)]).toEqual(before);
    });

    it("behavior: everything that reads goes through the guard", async () => {
      const guarded = backups.guardWrites(conversation);
      expect([guarded.id, guarded.isActive, guarded.createdAtNs]).toEqual([
        conversation.id,
        conversation.isActive,
        conversation.createdAtNs,
      ]);
      expect((await guarded.messages()).map(({ id }) => id)).toEqual((await conversation.messages()).map(({ id }) => id));
      expect((await guarded.lastMessage())?.id).toBe((await conversation.lastMessage())?.id);
      expect(guarded.consentState()).toBe(conversation.consentState());
      expect(guarded).toBeInstanceOf(kind === "group" ? Group : Dm);
    });

    it("behavior: the SDK itself refuses in words of its own", async () => {
      await expect(conversation.sendText("x")).rejects.toThrow("[GroupError::GroupInactive] Group is inactive");
      await expect(conversation.sync()).rejects.toThrow(/\[GroupError::Sync\][^]*Group is inactive/);
      expect((await conversation.messages()).length).toBe(2);
    });
  });

  it("behavior: what was created here can be written, guarded or not", async () => {
    const own = await fresh.conversations.createGroup([talk.bob.inboxId]);
    expect(backups.canWrite(own.id)).toBe(true);
    await backups.guardWrites(own).sendText("Hello from here");
    expect(await textsOf(fresh, own.id)).toEqual(["Hello from here"]);
  });

  it("behavior: syncing everything succeeds, and leaves the history as it is", async () => {
    await fresh.conversations.sync();
    await fresh.conversations.syncAll();
    expect(await textsOf(fresh, talk.group.id)).toEqual(groupTexts);
    expect((await find(fresh, talk.group.id)).isActive).toBe(false);
  });

  it("behavior: an app that restarts keeps them read-only", async () => {
    const restarted = backupsOf(fresh, places);
    expect(await restarted.start()).toBeUndefined();
    expect([talk.group.id, talk.dm.id].map((id) => restarted.canWrite(id))).toEqual([false, false]);
    restarted.stop();
  });

  it("behavior: an app that restarts without its store keeps them read-only too", async () => {
    const unmounted = backupsOf(fresh, places, { store: fileStore({ directory: talk.world.newPath("mount"), create: false }) });
    await expect(unmounted.start()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect([talk.group.id, talk.dm.id].map((id) => unmounted.canWrite(id))).toEqual([false, false]);
    unmounted.stop();
  });

  it("behavior: a backup of it holds the restored history, and restores again", async () => {
    const next = talk.newPlaces();
    const { entry } = await backupsOf(fresh, next).backup().result;
    const restored = entry.details?.conversations.filter(({ id }) => [talk.group.id, talk.dm.id].includes(id));
    expect(restored?.map(({ messages }) => messages)).toEqual([2, 2]);
    const third = await talk.world.open(talk.alice);
    const again = backupsOf(third, next);
    await again.restore(entry).result;
    expect(await textsOf(third, talk.group.id)).toEqual(groupTexts);
    again.stop();
  });
});

function sends({ world }: Talk): number {
  return world.network.stats().calls.SendGroupMessages ?? 0;
}
