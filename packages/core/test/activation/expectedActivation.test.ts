import type { ActivationNotice, ActivationState, Backups } from "@xmtp-backup/core";
import { fakeInbox } from "@xmtp-backup/testing";
import { describe, expect, it } from "vitest";
import { backUp } from "../support/world.ts";
import { hourMs, open, passUntil, restored, stateOf, statusesOf } from "../support/restoredPhone.ts";

const dayMs = 24 * hourMs;

describe("backups.conversation(id): what is expected", () => {
  it("behavior: one that was lively is expected soon, and stalls when nobody came for a day", async () => {
    const { backups, clock, ids } = await restored(fakeInbox({ startNs: BigInt(Date.UTC(2026, 0, 1)) * 1_000_000n }));
    const first = backups.conversation(ids[0] ?? "");
    expect(first.getState()).toMatchObject({ status: "waiting", expectation: { outlook: "soon", reason: "recentMessages" } });
    await passUntil(
      clock,
      () => expect(first.getState()).toMatchObject({ status: "stalled", expectation: { outlook: "whenSomeoneWrites" } }),
      hourMs,
    );
  });

  it("behavior: an old one is unlikely, and stays waiting", async () => {
    const { backups, clock, ids } = await restored();
    clock.advance(10 * dayMs);
    expect(backups.conversation(ids[0] ?? "").getState()).toMatchObject({
      status: "waiting",
      expectation: { outlook: "unlikely", reason: "quiet" },
    });
  });

  it("behavior: a conversation that the user was removed from is known by the archive", async () => {
    const inbox = fakeInbox();
    const [removed] = inbox.conversations.values();
    if (removed) removed.isActive = false;
    const { backups, entry } = await restored(inbox);
    expect(entry.details?.conversations.filter(({ wasRemoved }) => wasRemoved).map(({ id }) => id)).toEqual([removed?.id]);
    expect(backups.conversation(removed?.id ?? "").getState()).toMatchObject({
      wasRemoved: true,
      expectation: { outlook: "unlikely", reason: "removed" },
    });
  });

  it("behavior: a backup of what still waits does not take it for lost", async () => {
    const { one, backups, host } = await restored();
    expect((await backUp(backups)).details?.conversations.some(({ wasRemoved }) => wasRemoved)).toBe(false);
    const restarted = open(one, host).backups;
    expect((await backUp(restarted)).details?.conversations.some(({ wasRemoved }) => wasRemoved)).toBe(false);
  });

  it("behavior: another installation that activated one is online: the others are expected soon", async () => {
    const { backups, host, clock, ids } = await restored(fakeInbox({ startNs: BigInt(Date.UTC(2025, 11, 1)) * 1_000_000n }));
    const { inboxId } = await host.identity();
    expect(backups.conversation(ids[1] ?? "").getState()?.expectation.outlook).toBe("whenSomeoneWrites");
    const states: ActivationState[] = [];
    backups.activation$.subscribe((state) => states.push(state));
    host.activate(ids[0] ?? "", { by: inboxId });
    await passUntil(clock, () => expect(backups.canWrite(ids[0] ?? "")).toBe(true));
    expect(states.at(-1)?.conversations).toMatchObject([
      { activatedBy: "otherInstallation" },
      { expectation: { outlook: "soon", reason: "otherInstallation" } },
    ]);
    expect(states).toHaveLength(2);
  });

  it("behavior: the app says that the user opened another device", async () => {
    const { backups, clock, ids } = await restored(fakeInbox({ startNs: BigInt(Date.UTC(2025, 11, 1)) * 1_000_000n }));
    backups.reportOtherInstallation();
    await passUntil(clock, () =>
      expect(backups.conversation(ids[0] ?? "").getState()?.expectation).toMatchObject({ outlook: "soon", reason: "otherInstallation" }),
    );
  });
});

describe("backups.activationNotices$", () => {
  it("default: the first, half, all", async () => {
    const { backups, host, clock, ids } = await restored(fakeInbox({ groups: 4 }));
    const heard = hear(backups);
    for (const id of ids) {
      host.activate(id);
      await passUntil(clock, () => expect(backups.canWrite(id)).toBe(true));
    }
    expect(heard).toEqual(["first 1/4", "half 2/4", "all 4/4"]);
  });

  it("behavior: a restart tells nothing twice, and what happened while the app was down", async () => {
    const { one, backups, host, clock, ids } = await restored(fakeInbox({ groups: 4 }));
    host.activate(ids[0] ?? "");
    await passUntil(clock, () => expect(backups.canWrite(ids[0] ?? "")).toBe(true));
    backups.stop();
    const second = open(one, host).backups;
    const heard = hear(second);
    await second.start();
    await passUntil(clock, () => expect(statusesOf(second)).toContain("active"));
    second.stop();
    for (const id of ids) host.activate(id);
    const third = open(one, host).backups;
    const heardLater = hear(third);
    await third.start();
    await passUntil(clock, () => expect(stateOf(third).active).toBe(4));
    expect([heard, heardLater]).toEqual([[], ["all 4/4"]]);
    third.stop();
  });

  it("behavior: one that stalls", async () => {
    const { backups, clock, ids } = await restored(fakeInbox({ groups: 1, startNs: BigInt(Date.UTC(2026, 0, 1)) * 1_000_000n }));
    const heard = hear(backups);
    await passUntil(clock, () => expect(heard).toEqual([`stalled ${ids[0]}`]), hourMs);
  });

  function hear({ activationNotices$ }: Backups): string[] {
    const heard: string[] = [];
    activationNotices$.subscribe((notice: ActivationNotice) =>
      heard.push(notice.type === "stalled" ? `stalled ${notice.conversation.id}` : `${notice.type} ${notice.active}/${notice.total}`),
    );
    return heard;
  }
});
