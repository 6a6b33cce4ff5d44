import { describe, expect, it } from "vitest";
import { backUp, world } from "../support/world.ts";
import { hourMs, passUntil, restored, stateOf } from "../support/restoredPhone.ts";

describe("the gap", () => {
  it("default: from the archive to the activation", async () => {
    const { backups, host, clock, entry, ids } = await restored();
    const first = backups.conversation(ids[0] ?? "");
    expect(first.getState()?.gap).toEqual({ fromMs: entry.createdAtMs });
    host.activate(ids[0] ?? "");
    await passUntil(clock, () => expect(first.getState()?.status).toBe("active"));
    expect(first.getState()?.gap).toEqual({ fromMs: entry.createdAtMs, toMs: first.getState()?.activeAtMs });
  });

  it("behavior: a newer archive of the old device moves it while waiting, and fills it after the activation", async () => {
    const { one, backups, host, clock, ids } = await restored();
    const first = backups.conversation(ids[0] ?? "");
    clock.advance(hourMs);
    const newer = await backUp(one.backups);
    expect((await backups.gapFillers()).archives.map(({ id }) => id)).toEqual([newer.id]);
    await backups.restore(newer).result;
    expect(first.getState()).toMatchObject({ status: "waiting", gap: { fromMs: newer.createdAtMs } });
    host.activate(ids[0] ?? "");
    clock.advance(hourMs);
    await passUntil(clock, () => expect(first.getState()?.status).toBe("active"));
    expect(first.getState()?.gap.isFilled).toBeUndefined();
    clock.advance(hourMs);
    const newest = await backUp(one.backups);
    await backups.restore(newest).result;
    expect(first.getState()).toMatchObject({ status: "active", gap: { isFilled: true } });
    expect((await backups.gapFillers()).conversationIds).toEqual([ids[1]]);
  });

  it("behavior: this installation's own archive fills nothing and is not offered", async () => {
    const { backups, host, clock, ids } = await restored();
    for (const id of ids) host.activate(id);
    await passUntil(clock, () => expect(stateOf(backups).active).toBe(2));
    clock.advance(hourMs);
    const own = await backUp(backups);
    await backups.restore(own).result;
    expect(stateOf(backups).conversations.map(({ gap }) => gap.isFilled)).toEqual([undefined, undefined]);
    expect(await backups.gapFillers()).toMatchObject({ conversationIds: ids, archives: [] });
  });

  it("behavior: nothing restored, nothing to fill", async () => {
    expect(await world().backups.gapFillers()).toEqual({ conversationIds: [], archives: [], syncArchives: [], otherInstallations: [] });
  });
});
