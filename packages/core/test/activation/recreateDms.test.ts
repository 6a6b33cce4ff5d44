import { fakeInbox } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";
import { world } from "../support/world.ts";
import { dmsOf, hourMs, passUntil, restored, stateOf, statusesOf } from "../support/restoredPhone.ts";

describe("backups.recreateDms", () => {
  const people = () => fakeInbox({ groups: 1, dms: 3 });

  it("default: asks: nothing is recreated until the user says so", async () => {
    const { backups, host, clock } = await restored(people());
    const looks = vi.spyOn(host, "listConversations");
    await passUntil(clock, () => expect(looks.mock.calls.length).toBeGreaterThan(3), 10_000);
    expect(host.madeDms).toEqual([]);
    expect(stateOf(backups).recreatable).toEqual(dmsOf(host).map(({ id }) => id));
  });

  it("default: recreates them, the most recently used first, and they can be written", async () => {
    const { backups, host, clock } = await restored(people());
    const dms = dmsOf(host);
    expect(backups.recreateDms()).toEqual(dms.map(({ id }) => id));
    await passUntil(clock, () => expect(stateOf(backups).active).toBe(3));
    expect(host.madeDms).toEqual(dms.map(({ peerInboxId }) => peerInboxId));
    for (const { id } of dms) {
      const { activeId = "", activatedBy } = backups.conversation(id).getState() ?? {};
      expect([activatedBy, backups.canWrite(activeId), backups.canWrite(id)]).toEqual(["recreating", true, true]);
    }
  });

  it("behavior: at a bounded rate", async () => {
    const { backups, host, clock } = await restored(people());
    backups.recreateDms();
    await vi.waitFor(() => expect(stateOf(backups).active).toBe(1));
    clock.advance(1_999);
    expect(host.madeDms).toHaveLength(1);
    clock.advance(1);
    await vi.waitFor(() => expect(stateOf(backups).active).toBe(2));
    expect(host.madeDms).toHaveLength(2);
  });

  it("parameters: conversationIds: those alone, and nothing that is no DM or not followed", async () => {
    const { backups, host, clock, ids } = await restored(people());
    const [, second] = dmsOf(host);
    const group = ids.find((id) => dmsOf(host).every((dm) => dm.id !== id)) ?? "";
    expect(backups.recreateDms([second?.id ?? "", group, "nobody"])).toEqual([second?.id]);
    await passUntil(clock, () => expect(stateOf(backups).active).toBe(1));
    expect(host.madeDms).toEqual([second?.peerInboxId]);
  });

  it("parameters: activation.recreateDms: auto: by itself", async () => {
    const { backups, host, clock } = await restored(people(), {}, { activation: { recreateDms: "auto" } });
    await passUntil(clock, () => expect(stateOf(backups)).toMatchObject({ active: 3, waiting: 1 }));
    expect(host.madeDms).toEqual(
      dmsOf(host)
        .slice(-3)
        .map(({ peerInboxId }) => peerInboxId),
    );
  });

  it("parameters: activation.recreateDms: never: not even asked", async () => {
    const { backups, host, clock } = await restored(people(), {}, { activation: { recreateDms: "never" } });
    expect([stateOf(backups).recreatable, backups.recreateDms()]).toEqual([[], []]);
    expect(backups.recreateDms(dmsOf(host).map(({ id }) => id))).toEqual([]);
    clock.advance(hourMs);
    expect(host.madeDms).toEqual([]);
  });

  it("parameters: activation.recreateDms: anything else is refused", () => {
    expect(() => world({}, { activation: { recreateDms: "always" as "auto" } })).toThrow(
      expect.objectContaining({ code: "OPTIONS_INVALID" }) as Error,
    );
  });

  it.each(["conversation", "person"])("behavior: never with a denied %s", async (what) => {
    const { backups, host, clock } = await restored(
      denied(people(), what as "conversation" | "person"),
      {},
      { activation: { recreateDms: "auto" } },
    );
    await passUntil(clock, () => expect(stateOf(backups).active).toBe(2));
    const looks = vi.spyOn(host, "listConversations");
    await passUntil(clock, () => expect(looks.mock.calls.length).toBeGreaterThan(5), hourMs);
    expect([host.madeDms.length, statusesOf(backups).filter((status) => status === "active").length]).toEqual([2, 2]);
  });

  it("behavior: a DM with a denied person is not suggested, though the SDK allows it, and a try by its id is refused", async () => {
    const { backups, host, clock } = await restored(denied(people(), "person"));
    const suggested = stateOf(backups).recreatable;
    const [id = "", ...others] = dmsOf(host)
      .map((dm) => dm.id)
      .filter((each) => !suggested.includes(each));
    expect([suggested.length, others, backups.conversation(id).getState()?.consent]).toEqual([2, [], "allowed"]);
    expect(backups.recreateDms([id])).toEqual([id]);
    await passUntil(clock, () =>
      expect(backups.conversation(id).getState()).toMatchObject({ status: "waiting", isPersonDenied: true, recreating: { tries: 1 } }),
    );
    const looks = vi.spyOn(host, "listConversations");
    await passUntil(clock, () => expect(looks.mock.calls.length).toBeGreaterThan(2));
    expect([host.madeDms, stateOf(backups).recreatable]).toEqual([[], suggested]);
  });

  it("behavior: never twice: one that is there already is taken", async () => {
    const { backups, host, clock } = await restored(people());
    const [dm] = dmsOf(host);
    await host.createDm(dm?.peerInboxId ?? "");
    backups.recreateDms([dm?.id ?? ""]);
    backups.recreateDms([dm?.id ?? ""]);
    await passUntil(clock, () => expect(stateOf(backups).active).toBe(1));
    clock.advance(hourMs);
    expect(host.madeDms).toHaveLength(1);
  });

  it("behavior: one that fails waits, and the next is made all the same", async () => {
    const { backups, host, clock } = await restored(people());
    host.failures.failNext("createDm", new Error("offline"));
    const [first = ""] = backups.recreateDms();
    await passUntil(clock, () => expect(stateOf(backups).active).toBe(2));
    expect(backups.conversation(first).getState()).toMatchObject({ status: "waiting", recreating: { tries: 1 } });
    backups.recreateDms([first]);
    await passUntil(clock, () => expect(stateOf(backups).active).toBe(3));
  });

  it("behavior: one that hangs is given up after a minute, the next is made, and it is not begun twice", async () => {
    const { backups, host, clock } = await restored(people());
    const [first, second] = dmsOf(host);
    const createDm = host.createDm.bind(host);
    const calls: string[] = [];
    vi.spyOn(host, "createDm").mockImplementation((peer, options) => {
      calls.push(peer);
      return peer === first?.peerInboxId ? new Promise(() => undefined) : createDm(peer, options);
    });
    backups.recreateDms([first?.id ?? "", second?.id ?? ""]);
    await passUntil(clock, () => expect(stateOf(backups).active).toBe(1), 10_000);
    backups.recreateDms([first?.id ?? ""]);
    await passUntil(clock, () => expect(backups.conversation(first?.id ?? "").getState()?.recreating?.tries).toBe(2), 10_000);
    await passUntil(clock, () => expect(backups.conversation(first?.id ?? "").getState()?.status).toBe("waiting"), 10_000);
    expect(calls).toEqual([first?.peerInboxId, second?.peerInboxId]);
  });

  function denied(inbox: ReturnType<typeof fakeInbox>, what: "conversation" | "person") {
    const dm = [...inbox.conversations.values()].find(({ kind }) => kind === "dm");
    if (what === "conversation" && dm) dm.consent = "denied";
    if (what === "person")
      inbox.consent = inbox.consent.map((record) => (record.entity === dm?.peerInboxId ? { ...record, state: "denied" } : record));
    return inbox;
  }
});
