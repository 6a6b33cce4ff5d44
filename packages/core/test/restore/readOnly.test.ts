import {
  type ActivationState,
  type BackupsOptions,
  createBackups,
  describeActivation,
  describeRestoredConversation,
} from "@xmtp-backup/core";
import { type FakeClock, type FakeHost, fakeHost, fakeInbox } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";
import { backUp, world } from "../support/world.ts";

const first = ({ inbox }: FakeHost, kind: "group" | "dm") => {
  const found = [...inbox.conversations.values()].find((each) => each.kind === kind);
  if (!found) throw new Error(`There is no ${kind}.`);
  return found;
};

function onNewPhone({ store, keys, clock }: ReturnType<typeof world>, host = fakeHost(), options: Partial<BackupsOptions> = {}) {
  const backups = createBackups({ host, store, keys, clock, ...options });
  const state = (): ActivationState => {
    let current: ActivationState | undefined;
    backups.activation$.subscribe((each) => (current = each)).unsubscribe();
    return current as ActivationState;
  };
  return { host, backups, clock, state };
}

function passUntil(clock: FakeClock, holds: () => void): Promise<void> {
  return vi.waitFor(
    () => {
      clock.advance(1_000);
      holds();
    },
    { interval: 1 },
  );
}

describe("a group that the user left", () => {
  async function restoredAfterLeaving() {
    const one = world({ inbox: fakeInbox({ groups: 2 }) });
    const group = first(one.host, "group");
    const before = await backUp(one.backups);
    group.hasLeft = true;
    const entry = await backUp(one.backups);
    const two = onNewPhone(one);
    await two.backups.restore(entry).result;
    return { one, two, id: group.id, before, entry };
  }

  it("default: is not waited for, and nobody's message makes it writable", async () => {
    const {
      two: { host, backups, clock, state },
      id,
    } = await restoredAfterLeaving();
    const told = vi.fn();
    backups.activationNotices$.subscribe(told);
    expect(state()).toMatchObject({ total: 2, waiting: 1, readOnly: 1, active: 0 });
    expect(backups.conversation(id).getState()).toMatchObject({
      status: "readOnly",
      hasLeft: true,
      expectation: { outlook: "unlikely", reason: "left" },
    });
    for (const each of host.inbox.conversations.keys()) host.activate(each);
    await passUntil(clock, () => expect(state().active).toBe(1));
    expect([backups.canWrite(id), state().readOnly]).toEqual([false, 1]);
    await expect(backups.guardWrites({ id, sendText: async () => undefined }).sendText()).rejects.toMatchObject({
      code: "CONVERSATION_INACTIVE",
    });
    expect(told.mock.calls).toEqual([[{ type: "all", active: 1, total: 1 }]]);
  });

  it("default: says so in words", async () => {
    const {
      two: { backups, state },
      id,
    } = await restoredAfterLeaving();
    const conversation = backups.conversation(id).getState();
    expect(conversation && describeRestoredConversation(conversation, { nowMs: 0 })).toMatchObject({
      badge: "Read-only",
      text: "You had left this group when the backup was made, so this app does not join it again for you. You can still read it.",
      action: "Choose to follow it again if you want to be part of it after all.",
      placeholder: "You can only read here",
    });
    expect(describeActivation(state())).toEqual({
      progress: "Your conversation is read-only for now",
      details: ["One may stay read-only for long.", "One can only be read."],
    });
  });

  it("behavior: the user wants it back: it is followed like any other, a further restore too", async () => {
    const {
      two: { host, backups, clock, state },
      id,
      entry,
    } = await restoredAfterLeaving();
    host.activate(id);
    backups.trackAgain([id]);
    await backups.restore(entry).result;
    await passUntil(clock, () => expect(backups.canWrite(id)).toBe(true));
    expect(state().readOnly).toBeUndefined();
  });

  it("behavior: is so after an earlier archive was restored, before or after, and in an archive of the new phone", async () => {
    const { one, two, id, before, entry } = await restoredAfterLeaving();
    await two.backups.restore(before).result;
    expect(two.backups.conversation(id).getState()?.status).toBe("readOnly");
    const again = await backUp(two.backups);
    for (const [from, to] of [
      [before, entry],
      [again, again],
    ] as const) {
      const three = onNewPhone(one);
      await three.backups.restore(from).result;
      await three.backups.restore(to).result;
      expect(three.backups.conversation(id).getState()).toMatchObject({ status: "readOnly", expectation: { reason: "left" } });
    }
  });

  it("behavior: is so after an app restart", async () => {
    const { one, two, id } = await restoredAfterLeaving();
    two.backups.stop();
    const { backups, clock, state } = onNewPhone(one, two.host);
    await backups.start();
    for (const each of two.host.inbox.conversations.keys()) two.host.activate(each);
    await passUntil(clock, () => expect(state().active).toBe(1));
    expect(backups.canWrite(id)).toBe(false);
    backups.stop();
  });
});

describe("a DM of another inbox", () => {
  it.each(["ask", "auto"] as const)("parameters: recreateDms: %s: is history alone, and reaches nobody", async (recreateDms) => {
    const one = world({ inbox: fakeInbox({ groups: 1, dms: 1 }) });
    const entry = await backUp(one.backups);
    const two = onNewPhone(one, fakeHost({ inboxId: "b".repeat(64) }), { activation: { recreateDms } });
    await two.backups.restore(entry, { allowOtherInbox: true }).result;
    const { id } = first(one.host, "dm");
    expect(two.state()).toMatchObject({ total: 2, waiting: 1, readOnly: 1, recreatable: [] });
    const dm = two.backups.conversation(id).getState();
    expect([dm?.status, dm?.expectation.reason, dm?.peerInboxId, two.backups.canWrite(id)]).toEqual([
      "readOnly",
      "otherInbox",
      undefined,
      false,
    ]);
    two.backups.trackAgain([id]);
    expect(two.backups.recreateDms([id])).toEqual([]);
    two.host.activate(first(one.host, "group").id);
    await passUntil(two.clock, () => expect(two.state().active).toBe(1));
    expect([two.host.madeDms, two.backups.conversation(id).getState()?.status]).toEqual([[], "readOnly"]);
  });
});
