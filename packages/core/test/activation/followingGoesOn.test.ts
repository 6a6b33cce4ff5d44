import { fakeInbox, memoryJournal } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";
import { backUp, world } from "../support/world.ts";
import { hourMs, open, passUntil, restored, stateOf, statusesOf } from "../support/restoredPhone.ts";

describe("following goes on", () => {
  it("default: the next start knows what this one knew", async () => {
    const journal = memoryJournal();
    const { one, backups, host, ids } = await restored(fakeInbox({ groups: 3 }), { journal });
    backups.dismiss(ids.slice(0, 1));
    await vi.waitFor(() => expect(journal.notes.get("activation")).toContain("dismissed"));
    backups.stop();
    const after = open(one, host).backups;
    await after.start();
    expect(statusesOf(after)).toEqual(["dismissed", "waiting", "waiting"]);
    after.stop();
  });

  it("behavior: what became active while the app was down is found", async () => {
    const { one, backups, host, clock } = await restored();
    backups.stop();
    for (const conversation of host.inbox.conversations.values()) conversation.isActive = true;
    const after = open(one, host).backups;
    await after.start();
    await passUntil(clock, () => expect(stateOf(after)).toMatchObject({ total: 2, active: 2 }));
    after.stop();
  });

  it("behavior: a restore before the start keeps what an earlier process followed", async () => {
    const { one, backups, host, ids } = await restored();
    backups.stop();
    const other = world({ inbox: fakeInbox({ groups: 3 }) }, { store: one.store, keys: one.keys });
    const entry = await backUp(other.backups);
    const after = open(one, host).backups;
    await after.restore(entry).result;
    expect(
      stateOf(after)
        .conversations.slice(0, 2)
        .map(({ id }) => id),
    ).toEqual(ids);
    expect(stateOf(after).total).toBe(3);
  });

  it("behavior: what is said before the start waits for what an earlier process knew", async () => {
    const journal = memoryJournal();
    const { one, backups, host, ids } = await restored(fakeInbox(), { journal });
    backups.stop();
    const after = open(one, host).backups;
    after.reportOtherInstallation();
    after.dismiss(ids.slice(0, 1));
    await vi.waitFor(() => expect(journal.notes.get("activation")).toContain("dismissed"));
    expect(statusesOf(after)).toEqual(["dismissed", "waiting"]);
    after.stop();
  });

  it("behavior: a note of another version or a damaged one is as none", async () => {
    const journal = memoryJournal();
    journal.notes.set("activation", JSON.stringify({ conversations: [{ id: "a", status: "waiting" }] }));
    const { backups } = world({ journal });
    await backups.start();
    expect(stateOf(backups).total).toBe(0);
    backups.stop();
  });

  it("behavior: everything settled watches nothing", async () => {
    const { backups, host, clock, ids } = await restored();
    for (const id of ids) host.activate(id);
    await passUntil(clock, () => expect(stateOf(backups).active).toBe(2));
    const looks = vi.spyOn(host, "listConversations");
    host.emit("message");
    clock.advance(10 * hourMs);
    expect([looks.mock.calls.length, clock.timers]).toEqual([0, 0]);
  });
});

describe("a client that fails", () => {
  it.each(["syncConversations", "syncAll"])("behavior: %s throws: what is listed as active is active all the same", async (method) => {
    const { backups, host, clock, ids } = await restored();
    host.failures.failNext(method, new Error("offline"), 3);
    host.activate(ids[0] ?? "");
    await passUntil(clock, () => expect(backups.canWrite(ids[0] ?? "")).toBe(true));
  });

  it.each(["syncConversations", "syncAll", "listConversations"])("behavior: %s hangs: after some time the others go on", async (method) => {
    const { backups, host, clock, ids } = await restored();
    host.failures.holdNext(method);
    host.activate(ids[0] ?? "");
    await passUntil(clock, () => expect(backups.canWrite(ids[0] ?? "")).toBe(true), 10_000);
    await passUntil(clock, () => expect(backups.conversation(ids[0] ?? "").getState()?.isBackfilled).toBe(true), 10_000);
  });

  it("behavior: one that can't be interrupted is asked once, however long it hangs", async () => {
    const { backups, host, clock, ids } = await restored();
    let answer = () => {};
    const hanging = vi.spyOn(host, "syncConversations").mockImplementation(() => new Promise((resolve) => (answer = resolve)));
    for (const id of ids) {
      host.activate(id);
      await passUntil(clock, () => expect(backups.canWrite(id)).toBe(true), 10_000);
    }
    expect(hanging).toHaveBeenCalledTimes(1);
    answer();
  });

  it("behavior: one that can't list for a day still says what is stalled", async () => {
    const { backups, host, clock } = await restored(fakeInbox({ startNs: BigInt(Date.UTC(2026, 0, 1)) * 1_000_000n }));
    host.failures.failNext("listConversations", new Error("the database is locked"), 1_000);
    await passUntil(clock, () => expect(statusesOf(backups)).toEqual(["stalled", "stalled"]), hourMs);
  });
});
