import { type ActivationNotice, type ActivationState, type Backups, type BackupsOptions, createBackups } from "@xmtp-backup/core";
import { type FakeClock, type FakeHost, fakeHost, type FakeHostOptions, fakeInbox, memoryJournal, memoryLock } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";
import { backUp, world } from "../support/world.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

type Restored = Awaited<ReturnType<typeof restored>>;

/** Somebody whose archive is restored on a new installation, and followed there. */
async function restored(inbox = fakeInbox(), host: FakeHostOptions = {}, options: Partial<BackupsOptions> = {}) {
  const one = world({ inbox });
  const entry = await backUp(one.backups);
  const two = open(one, { ...host }, options);
  await two.backups.restore(entry).result;
  return { one, ...two, entry, ids: stateOf(two.backups).conversations.map(({ id }) => id) };
}

/** A new installation over the same store, keys and clock. */
function open(one: ReturnType<typeof world>, host: FakeHostOptions | FakeHost = {}, options: Partial<BackupsOptions> = {}) {
  const { store, keys, clock } = one;
  const opened = "failures" in host ? host : fakeHost(host);
  const backups = createBackups({ host: opened, store, keys, clock, ...options });
  return { host: opened, backups, clock };
}

/** Lets time pass until it holds. */
function passUntil(clock: FakeClock, holds: () => void, stepMs = 1_000): Promise<void> {
  return vi.waitFor(
    () => {
      clock.advance(stepMs);
      holds();
    },
    { interval: 1 },
  );
}

function stateOf({ activation$ }: Backups): ActivationState {
  let current: ActivationState | undefined;
  activation$.subscribe((state) => (current = state)).unsubscribe();
  return current as ActivationState;
}

const statusesOf = (backups: Backups) => stateOf(backups).conversations.map(({ status }) => status);

/** The DMs of an inbox, the most recently used first. */
function dmsOf({ inbox }: FakeHost): { id: string; peerInboxId: string }[] {
  return [...inbox.conversations.values()]
    .flatMap(({ id, peerInboxId }) => (peerInboxId === undefined ? [] : [{ id, peerInboxId }]))
    .reverse();
}

describe("backups.activation$", () => {
  it("default: counts nothing before a restore", () => {
    expect(stateOf(world().backups)).toEqual({
      total: 0,
      active: 0,
      waiting: 0,
      recreating: 0,
      stalled: 0,
      dismissed: 0,
      conversations: [],
      changed: [],
      recreatable: [],
    });
  });

  it("behavior: counts up as members add this installation, one by one, and says which", async () => {
    const { backups, host, clock, ids } = await restored();
    const states: ActivationState[] = [];
    backups.activation$.subscribe((state) => states.push(state));
    for (const id of ids) {
      host.activate(id);
      await passUntil(clock, () => expect(backups.canWrite(id)).toBe(true));
    }
    expect(states.map(({ active, total, changed }) => [active, total, changed])).toEqual([
      [0, 2, ids],
      [1, 2, [ids[0]]],
      [2, 2, [ids[1]]],
    ]);
  });

  it("behavior: a look that finds nothing new tells nobody anything", async () => {
    const { backups, host, clock } = await restored();
    let told = 0;
    backups.activation$.subscribe(() => (told += 1));
    const looks = vi.spyOn(host, "listConversations");
    await passUntil(clock, () => expect(looks.mock.calls.length).toBeGreaterThan(5), 5_000);
    expect(told).toBe(1);
  });

  it("behavior: asks for what is open alone, and for the DMs of its people", async () => {
    const { host, clock, ids } = await restored(fakeInbox({ groups: 1, dms: 1 }));
    const looks = vi.spyOn(host, "listConversations");
    await passUntil(clock, () => expect(looks).toHaveBeenCalled());
    const [dm] = dmsOf(host);
    expect(looks.mock.lastCall?.[0]).toMatchObject({ ids, peerInboxIds: [dm?.peerInboxId] });
    host.activate(ids.find((id) => id !== dm?.id) ?? "");
    looks.mockClear();
    await passUntil(clock, () => expect(looks.mock.lastCall?.[0]?.ids).toEqual([dm?.id]));
  });

  it("behavior: messages that a stream missed are fetched before a conversation counts as active", async () => {
    const { backups, host, clock, ids } = await restored();
    const release = host.failures.holdNext("syncAll");
    host.activate(ids[0] ?? "");
    const synced = vi.spyOn(host, "syncAll");
    await passUntil(clock, () => expect(synced).toHaveBeenCalled());
    expect(backups.canWrite(ids[0] ?? "")).toBe(false);
    release();
    await passUntil(clock, () =>
      expect(backups.conversation(ids[0] ?? "").getState()).toMatchObject({ status: "active", isBackfilled: true }),
    );
  });

  it("behavior: conversation(id) tells of one alone, and of one that was not restored nothing", async () => {
    const { backups, host, clock, ids } = await restored();
    const heard: unknown[] = [];
    backups.conversation(ids[1] ?? "").state$.subscribe((state) => heard.push(state?.status));
    backups.conversation("another").state$.subscribe((state) => heard.push(state));
    for (const id of ids) {
      host.activate(id);
      await passUntil(clock, () => expect(backups.canWrite(id)).toBe(true));
    }
    expect(heard).toEqual(["waiting", undefined, "active"]);
  });

  it("behavior: what a restore brought is followed when it fails half-way", async () => {
    const one = world({ inbox: fakeInbox({ groups: 2, messagesEach: 900 }) });
    const entry = await backUp(one.backups);
    const { backups, host } = open(one);
    const importArchive = host.importArchive.bind(host);
    let calls = 0;
    vi.spyOn(host, "importArchive").mockImplementation(async (...args) => {
      calls += 1;
      if (calls === 2) throw new Error("the database is locked");
      return importArchive(...args);
    });
    await expect(backups.restore(entry).result).rejects.toMatchObject({ code: "IMPORT_FAILED" });
    const [first = ""] = host.inbox.conversations.keys();
    await vi.waitFor(() => expect(backups.canWrite(first)).toBe(false));
  });

  it("behavior: what a killed restore brought is followed by the next start", async () => {
    const one = world();
    const entry = await backUp(one.backups);
    const { host, backups } = open(one);
    vi.spyOn(host, "countMessages").mockImplementation(() => new Promise(() => undefined));
    const task = backups.restore(entry);
    await vi.waitFor(() => expect(task.getState()).toMatchObject({ stage: "checking" }));
    const next = open(one, host, { lock: memoryLock() }).backups;
    await next.start();
    for (const id of host.inbox.conversations.keys()) expect(next.canWrite(id)).toBe(false);
    expect(stateOf(next).conversations[0]).toMatchObject({ gap: { fromMs: entry.createdAtMs } });
    next.stop();
  });

  it("behavior: what a restore brings after the stop is followed by the next start", async () => {
    const one = world();
    const entry = await backUp(one.backups);
    const { host, backups } = open(one);
    const release = host.failures.holdNext("importArchive");
    const task = backups.restore(entry);
    await vi.waitFor(() => expect(task.getState()).toMatchObject({ stage: "importing" }));
    backups.stop();
    release();
    await task.result;
    const next = open(one, host).backups;
    await next.start();
    expect(statusesOf(next)).toEqual(["waiting", "waiting"]);
    next.stop();
  });
});

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

describe("backups.recreateDms", () => {
  const people = () => fakeInbox({ groups: 1, dms: 3 });

  it("default: asks: nothing is made anew until the user says so", async () => {
    const { backups, host, clock } = await restored(people());
    const looks = vi.spyOn(host, "listConversations");
    await passUntil(clock, () => expect(looks.mock.calls.length).toBeGreaterThan(3), 10_000);
    expect(host.madeDms).toEqual([]);
    expect(stateOf(backups).recreatable).toEqual(dmsOf(host).map(({ id }) => id));
  });

  it("default: makes them anew, the most recently used first, and they can be written", async () => {
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

describe("backups.guardWrites", () => {
  function conversationOf(id: string) {
    const sent: string[] = [];
    return {
      sent,
      conversation: {
        id,
        title: "Group 0",
        async sendText(text: string) {
          sent.push(text);
          return this.id;
        },
        history: () => ["Message 0"],
      },
    };
  }

  it("default: writes are refused while inactive and pass through afterwards", async () => {
    const { backups, host, clock, ids } = await restored();
    const [first = ""] = ids;
    const { conversation, sent } = conversationOf(first);
    const guarded = backups.guardWrites(conversation);
    await expect(guarded.sendText("too early")).rejects.toMatchObject({ code: "CONVERSATION_INACTIVE" });
    expect([guarded.history(), guarded.title, sent]).toEqual([["Message 0"], "Group 0", []]);
    host.activate(first);
    await passUntil(clock, () => expect(backups.canWrite(first)).toBe(true));
    expect(await guarded.sendText("now")).toBe(first);
    expect([sent, guarded.sendText === guarded.sendText]).toEqual([["now"], true]);
  });

  it("behavior: conversations that were not restored are never guarded", async () => {
    const { backups } = await restored();
    const { conversation, sent } = conversationOf("another");
    await backups.guardWrites(conversation).sendText("hello");
    expect([backups.canWrite("another"), sent]).toEqual([true, ["hello"]]);
  });

  it("default: what is written to the old DM of a new one goes to the new one", async () => {
    const { backups, host, clock } = await restored(fakeInbox({ groups: 0, dms: 1 }));
    const [dm] = dmsOf(host);
    const old = conversationOf(dm?.id ?? "");
    const before = backups.guardWrites({ ...old.conversation, duplicateDms: async () => [] });
    await expect(before.sendText("here?")).rejects.toMatchObject({ code: "CONVERSATION_INACTIVE" });
    backups.recreateDms();
    await passUntil(clock, () => expect(backups.canWrite(dm?.id ?? "")).toBe(true));
    const newer = conversationOf(backups.conversation(dm?.id ?? "").getState()?.activeId ?? "");
    const guarded = backups.guardWrites({
      ...old.conversation,
      duplicateDms: async () => [conversationOf("another").conversation, newer.conversation],
    });
    await guarded.sendText("here");
    expect([old.sent, newer.sent]).toEqual([[], ["here"]]);
  });

  it("behavior: a restored DM can be written at once where another with its person is active here already", async () => {
    const one = world({ inbox: fakeInbox({ groups: 0, dms: 1 }) });
    const entry = await backUp(one.backups);
    const two = open(one);
    const [dm] = dmsOf(one.host);
    await two.host.createDm(dm?.peerInboxId ?? "");
    await two.backups.restore(entry).result;
    expect([two.backups.canWrite(dm?.id ?? ""), stateOf(two.backups).active]).toEqual([true, 1]);
  });

  it("behavior: the old DM of a new one names it, and is written again once its peer wrote in it", async () => {
    const { backups, host, clock } = await restored(fakeInbox({ groups: 0, dms: 1 }));
    const [dm] = dmsOf(host);
    const old = dm?.id ?? "";
    backups.recreateDms();
    await passUntil(clock, () => expect(stateOf(backups).active).toBe(1));
    const { conversation, sent } = conversationOf(old);
    const guarded = backups.guardWrites(conversation);
    await expect(guarded.sendText("here?")).rejects.toMatchObject({
      code: "CONVERSATION_INACTIVE",
      details: expect.stringContaining(backups.conversation(old).getState()?.activeId ?? "?") as string,
    });
    host.activate(old);
    await guarded.sendText("here");
    expect(sent).toEqual(["here"]);
    await passUntil(clock, () => expect(backups.canWrite(old)).toBe(true));
  });
});

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

describe("backups.otherInstallations", () => {
  it("default: the newest first, and which of them the archive came from", async () => {
    const one = world();
    const entry = await backUp(one.backups);
    const { installationId } = await one.host.identity();
    const installations = [
      { id: installationId, isOwn: false, createdAtMs: 1 },
      { id: "laptop", isOwn: false, createdAtMs: 2 },
    ];
    const { backups } = open(one, { installations });
    await backups.restore(entry).result;
    expect(await backups.otherInstallations()).toEqual([
      { id: "laptop", isOwn: false, createdAtMs: 2, isSource: false },
      { id: installationId, isOwn: false, createdAtMs: 1, isSource: true },
    ]);
  });
});

describe("a thousand conversations", () => {
  it("behavior: are all found active by one look", async () => {
    const { backups, host, clock }: Restored = await restored(fakeInbox({ groups: 1_000, messagesEach: 1 }));
    const told: number[] = [];
    backups.activation$.subscribe(({ active }) => told.push(active));
    for (const conversation of host.inbox.conversations.values()) conversation.isActive = true;
    host.emit("message");
    await passUntil(clock, () => expect(stateOf(backups).active).toBe(1_000));
    expect(told).toEqual([0, 1_000]);
  });
});
