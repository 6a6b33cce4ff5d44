import { describe, expect, it } from "vitest";
import { found, listed, ownInboxId, ownInstallationId, tracked } from "../../../test/trackedConversation.ts";
import type { HostConversation } from "../../ports/hostConversation.ts";
import { addImported, applyLook, type Tracked } from "./trackConversations.ts";
import { dayMs, hourMs } from "../../time/wallTime.ts";

function look(conversations: Tracked, listing: readonly HostConversation[] | undefined, nowMs = 5, isBackfilled = true): Tracked {
  return applyLook(conversations, { ...found(listing, nowMs), isBackfilled });
}

function imported(conversations: Tracked, listing: readonly HostConversation[], change: object = {}): Tracked {
  const history = {
    endMs: 100,
    installationId: "old phone",
    conversations: listing.map(({ id }) => ({ id, lastMessageMs: 90 })),
    ...change,
  };
  return addImported(conversations, { history, listed: listing, ownInstallationId, atMs: 200 });
}

describe("applyLook", () => {
  it("default: what is listed as active is active, by a member, and its gap ends", () => {
    const [conversation] = look([tracked("a")], [listed("a", { isActive: true, addedByInboxId: "bob" })]);
    expect(conversation).toMatchObject({
      status: "active",
      activeAtMs: 5,
      activeId: "a",
      activatedBy: "member",
      isBackfilled: true,
      gap: { fromMs: 0, toMs: 5 },
    });
  });

  it("default: who was added by the own inbox has another installation", () => {
    const [conversation] = look([tracked("a")], [listed("a", { isActive: true, addedByInboxId: ownInboxId })]);
    expect(conversation?.activatedBy).toBe("otherInstallation");
  });

  it.each(["waiting", "stalled", "dismissed", "recreating"] as const)("behavior: becomes active from %s", (status) => {
    expect(look([tracked("a", { status })], [listed("a", { isActive: true })])[0]?.status).toBe("active");
  });

  it("behavior: a DM is active when a newer DM with its peer is, and the old one may track", () => {
    const peerInboxId = "bob";
    const newer = listed("new", { peerInboxId, isActive: true, addedByInboxId: ownInboxId });
    const stitched = look([tracked("old", { peerInboxId })], [listed("old", { peerInboxId }), newer]);
    expect(stitched[0]).toMatchObject({ status: "active", activeId: "new", activatedBy: "recreating" });
    expect(look(stitched, [listed("old", { peerInboxId }), newer])).toBe(stitched);
    expect(look(stitched, [listed("old", { peerInboxId, isActive: true }), newer])[0]).toMatchObject({ activeId: "new", isRejoined: true });
  });

  it("behavior: where both are active already, one goes on in the newer one", () => {
    const peerInboxId = "bob";
    const both = [
      listed("old", { peerInboxId, isActive: true, addedByInboxId: ownInboxId }),
      listed("new", { peerInboxId, isActive: true, addedByInboxId: ownInboxId }),
    ];
    const [conversation] = look([tracked("old", { peerInboxId })], both);
    expect(conversation).toMatchObject({ activeId: "new", activatedBy: "recreating" });
    expect(look(conversation ? [conversation] : [], both)[0]).toMatchObject({ activeId: "new", isRejoined: true });
  });

  it("behavior: one that was made by the peer is a member's doing", () => {
    const [conversation] = look(
      [tracked("old", { peerInboxId: "bob" })],
      [listed("new", { peerInboxId: "bob", isActive: true, addedByInboxId: "bob" })],
    );
    expect(conversation).toMatchObject({ activeId: "new", activatedBy: "member" });
  });

  it("behavior: a look that changes nothing gives the same array, and each that it does not change the same object", () => {
    const before = [tracked("a"), tracked("b"), tracked("c", { status: "active", activeId: "c", isBackfilled: true })];
    expect(look(before, [listed("a"), listed("b"), listed("c", { isActive: true })])).toBe(before);
    const after = look(before, [listed("a"), listed("b", { isActive: true })]);
    expect([after[0], after[2]]).toEqual([before[0], before[2]]);
    expect(after[0]).toBe(before[0]);
  });

  it("behavior: one that waited past its expectation is stalled, even while the client can't list", () => {
    const before = [tracked("a", { lastMessageMs: 0 })];
    expect(look(before, undefined, dayMs - 1)[0]?.status).toBe("waiting");
    expect(look(before, undefined, dayMs)[0]).toMatchObject({ status: "stalled", expectation: { outlook: "whenSomeoneWrites" } });
  });

  it("behavior: what is unlikely never stalls, and what was left out stays so", () => {
    const before = [tracked("a", { consent: "denied" }), tracked("b", { status: "dismissed", lastMessageMs: 0 })];
    expect(look(before, undefined, 30 * dayMs).map(({ status }) => status)).toEqual(["waiting", "dismissed"]);
  });

  it("behavior: while another installation is online a stalled one waits again", () => {
    const stalled = look([tracked("a", { lastMessageMs: 0 })], undefined, 2 * dayMs);
    const looked = applyLook(stalled, { ...found([], 2 * dayMs + 1), isBackfilled: false, otherInstallationSeenMs: 2 * dayMs });
    expect(looked[0]).toMatchObject({
      status: "waiting",
      expectation: { outlook: "soon", reason: "otherInstallation", untilMs: 2 * dayMs + hourMs },
    });
  });

  it("behavior: a consent that changed changes the expectation", () => {
    expect(look([tracked("a")], [listed("a", { consent: "denied" })])[0]).toMatchObject({
      consent: "denied",
      expectation: { outlook: "unlikely", reason: "denied" },
    });
  });

  it("behavior: what was not backfilled is noted, until it is", () => {
    const active = [listed("a", { isActive: true })];
    const before = look([tracked("a")], active, 5, false);
    expect(before[0]).toMatchObject({ status: "active", isBackfilled: false });
    expect(look(before, active, 6, true)[0]).toMatchObject({ isBackfilled: true, activeAtMs: 5 });
  });
});

describe("addImported", () => {
  it("default: tracks what the client lists as inactive", () => {
    const after = imported([], [listed("a"), listed("b", { isActive: true }), listed("dm", { peerInboxId: "bob", consent: "unknown" })]);
    expect(after).toMatchObject([
      {
        id: "a",
        kind: "group",
        status: "waiting",
        gap: { fromMs: 100 },
        restoredAtMs: 200,
        lastMessageMs: 90,
        expectation: { outlook: "soon" },
      },
      { id: "dm", kind: "dm", peerInboxId: "bob", consent: "unknown" },
    ]);
  });

  it("behavior: a newer archive moves the gap and keeps place, status and time", () => {
    const before = imported([], [listed("a"), listed("b")]).map((conversation) => ({ ...conversation, status: "dismissed" as const }));
    const after = imported(before, [listed("b"), listed("a"), listed("c")], {
      endMs: 150,
      conversations: [{ id: "a", lastMessageMs: 140 }, { id: "c" }],
    });
    expect(after.map(({ id, status }) => [id, status])).toEqual([
      ["a", "dismissed"],
      ["b", "dismissed"],
      ["c", "waiting"],
    ]);
    expect(after).toMatchObject([{ gap: { fromMs: 150 }, lastMessageMs: 140 }, { gap: { fromMs: 100 } }, { gap: { fromMs: 150 } }]);
    expect(after[1]).toBe(before[1]);
  });

  it("behavior: a DM whose newer one is out of reach after an import waits again; where that is not known, it stays active", () => {
    const peerInboxId = "bob";
    const before = [tracked("old", { peerInboxId, status: "active", activeId: "new", activatedBy: "recreating" })];
    const listing = [listed("old", { peerInboxId })];
    const history = { endMs: 150, installationId: "old phone", conversations: [{ id: "old", lastMessageMs: 140 }] };
    const after = (activeDms?: readonly HostConversation[]) =>
      addImported(before, { history, listed: listing, activeDms, ownInstallationId, atMs: 200 })[0];
    expect(after([])).toMatchObject({ id: "old", status: "waiting", gap: { fromMs: 150 }, restoredAtMs: 200 });
    expect(after([])).not.toHaveProperty("activeId");
    for (const known of [undefined, [listed("new", { peerInboxId, isActive: true })]])
      expect(after(known)).toMatchObject({ status: "active", activeId: "new" });
  });

  it("behavior: the newest archive says whether the user left, in whatever order they are restored", () => {
    const left = { endMs: 100, installationId: "old", conversations: [{ id: "a", hasLeft: true }] };
    const back = { endMs: 150, installationId: "old", conversations: [{ id: "a" }] };
    const bare = { endMs: 150, installationId: undefined, conversations: [{ id: "a" }] };
    const after = (...histories: object[]) => {
      const [conversation] = histories.reduce<Tracked>((before, history) => imported(before, [listed("a")], history), []);
      return [conversation?.status, conversation?.hasLeft, conversation?.expectation.reason];
    };
    for (const histories of [
      [left, back],
      [back, left],
      [left, back, left],
    ])
      expect(after(...histories)).toEqual(["waiting", undefined, "someMessages"]);
    const readOnly = ["readOnly", true, "left"];
    expect([after(left, bare), after(back, { ...left, endMs: 200 }), after({ ...left, endMs: 200 }, back), after(left, left)]).toEqual([
      readOnly,
      readOnly,
      readOnly,
      readOnly,
    ]);
  });

  it("behavior: what a further restore leaves is the consent that is tracked", () => {
    const before = imported([], [listed("a")]);
    expect(imported(before, [listed("a", { consent: "denied" })])[0]?.consent).toBe("denied");
    expect(imported(before, [listed("a", { consent: "denied", isActive: true })])[0]?.consent).toBe("allowed");
  });

  it("behavior: of what archives say of a conversation, the newest counts", () => {
    const archived = (exportedAtNs: bigint) => ({
      exportedAtNs,
      createdAtNs: exportedAtNs,
      addedByInboxId: "bob",
      adminInboxIds: [],
      superAdminInboxIds: [],
    });
    const saying = (exportedAtNs: bigint) => ({ conversations: [{ id: "a", lastMessageMs: 90, archived: archived(exportedAtNs) }] });
    const first = imported([], [listed("a")], saying(5n));
    expect(first[0]?.archived).toEqual(archived(5n));
    expect(imported(first, [listed("a")], saying(7n))[0]?.archived).toEqual(archived(7n));
    expect(imported(first, [listed("a")], saying(4n))[0]?.archived).toEqual(archived(5n));
    expect(imported(first, [listed("a")])[0]?.archived).toEqual(archived(5n));
  });

  it("behavior: what was active here and is not any more was lost: it is tracked again, without hope", () => {
    const active = look(imported([], [listed("a")]), [listed("a", { isActive: true })]);
    expect(imported(active, [listed("a", { isActive: true })])[0]?.status).toBe("active");
    expect(imported(active, [listed("a")])[0]).toMatchObject({
      status: "waiting",
      wasRemoved: true,
      expectation: { outlook: "unlikely", reason: "removed" },
    });
  });
});
