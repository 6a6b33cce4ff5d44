import { type ArchiveEntry, type Consent, createBackups } from "@xmtp-backup/core";
import { type FakeClock, type FakeHost, fakeHost, fakeInbox } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";
import { world } from "../support/world.ts";

const states = ["allowed", "unknown", "denied"] as const satisfies Consent[];
const person = (host: FakeHost) => String(conversation(host, "dm").peerInboxId);

function conversation({ inbox }: FakeHost, kind: "group" | "dm") {
  const found = [...inbox.conversations.values()].find((each) => each.kind === kind);
  if (!found) throw new Error(`There is no ${kind}.`);
  return found;
}

/** The old phone, on which the user decides alike about a group, a DM and its person, with an archive for each decision in turn. */
async function decided(...decisions: Consent[]) {
  const one = world({ inbox: fakeInbox({ groups: 1, dms: 1 }) });
  const entries: ArchiveEntry[] = [];
  for (const consent of decisions) {
    decide(one.host, consent);
    one.host.exportedAtNs += 1_000n;
    entries.push((await one.backups.backup().result).entry);
  }
  return { one, entries };
}

/** As the SDK keeps a changed decision: with the time of the first. */
function decide(host: FakeHost, consent: Consent): void {
  for (const each of host.inbox.conversations.values()) each.consent = consent;
  host.inbox.consent = host.inbox.consent.map((record) => (record.entityType === "inboxId" ? { ...record, state: consent } : record));
}

async function newPhone({ store, keys, clock }: ReturnType<typeof world>, host = fakeHost()) {
  const backups = createBackups({ host, store, keys, clock });
  await backups.start();
  return { host, backups, clock };
}

async function consentsOf(host: FakeHost): Promise<Consent[]> {
  return [conversation(host, "group").consent, conversation(host, "dm").consent, await host.consentOf(person(host))];
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

describe("decisions", () => {
  it.each(states)("default: %s in the archive holds after the import, of a group, a DM and a person", async (consent) => {
    const { one, entries } = await decided(consent);
    const { host, backups } = await newPhone(one);
    await backups.restore(entries[0] as ArchiveEntry).result;
    expect(await consentsOf(host)).toEqual([consent, consent, consent]);
    expect(backups.conversation(conversation(host, "dm").id).getState()?.consent).toBe(consent);
    backups.stop();
  });

  describe("behavior: what the user decides while an import runs holds", () => {
    /** Restores an archive of three chunks; the group is in the first, the DM in the second. */
    async function restoreWhile(inArchive: Consent, act: (host: FakeHost, chunk: number, when: "before" | "after") => void) {
      const one = world({ inbox: fakeInbox({ groups: 1, dms: 1, messagesEach: 1_200 }) });
      decide(one.host, inArchive);
      const { entry } = await one.backups.backup().result;
      const { host, backups } = await newPhone(one);
      const importArchive = host.importArchive.bind(host);
      let chunk = 0;
      host.importArchive = async (...parameters) => {
        chunk += 1;
        act(host, chunk, "before");
        await importArchive(...parameters);
        act(host, chunk, "after");
      };
      await backups.restore(entry).result;
      expect(chunk).toBe(3);
      return { host, backups, entry };
    }

    it.each([
      [2, "after"],
      [3, "before"],
      [3, "after"],
    ] as const)("parameters: denied at chunk %i, %s its import", async (at, when) => {
      const { host, backups, entry } = await restoreWhile("allowed", (phone, chunk, now) => {
        if (chunk === at && now === when) decide(phone, "denied");
      });
      expect(await consentsOf(host)).toEqual(["denied", "denied", "denied"]);
      await backups.restore(entry).result;
      expect(await consentsOf(host)).toEqual(["denied", "denied", "denied"]);
      backups.stop();
    });

    it("parameters: allowed after its chunk was in", async () => {
      const { host, backups } = await restoreWhile("denied", (phone, chunk, now) => {
        if (chunk === 3 && now === "before") for (const each of phone.inbox.conversations.values()) each.consent = "allowed";
      });
      expect(await consentsOf(host)).toEqual(["allowed", "allowed", "denied"]);
      backups.stop();
    });
  });

  it("default: a DM that nobody decided about comes back as a request, and is not offered to be made anew", async () => {
    const one = world({ inbox: fakeInbox({ groups: 0, dms: 1 }) });
    one.host.inbox.consent = [];
    const { entry } = await one.backups.backup().result;
    const { host, backups } = await newPhone(one);
    await backups.restore(entry).result;
    expect([conversation(host, "dm").consent, backups.recreateDms()]).toEqual(["unknown", []]);
    backups.stop();
  });

  it.each(states)("behavior: %s holds when a Welcome allows what the user made", async (consent) => {
    const { one, entries } = await decided(consent);
    const { host, backups, clock } = await newPhone(one);
    await backups.restore(entries[0] as ArchiveEntry).result;
    const { id } = conversation(host, "group");
    host.activate(id, { isOwn: true });
    await passUntil(clock, () => expect(backups.canWrite(id)).toBe(true));
    expect(conversation(host, "group").consent).toBe(consent);
    backups.stop();
  });

  it("behavior: what could not be denied once more at the activation waits for the next look", async () => {
    const { one, entries } = await decided("denied");
    const { host, backups, clock } = await newPhone(one);
    await backups.restore(entries[0] as ArchiveEntry).result;
    const { id } = conversation(host, "group");
    host.failures.failNext("setConsent", new Error("the database is locked"));
    host.activate(id, { isOwn: true });
    await passUntil(clock, () => expect(backups.canWrite(id)).toBe(true));
    expect(conversation(host, "group").consent).toBe("denied");
    backups.stop();
  });

  it("behavior: what the user unblocks while it is inactive stays so at the activation", async () => {
    const { one, entries } = await decided("denied");
    const { host, backups, clock } = await newPhone(one);
    await backups.restore(entries[0] as ArchiveEntry).result;
    const { id } = conversation(host, "group");
    await host.setConsent(id, "allowed");
    host.emit("consent");
    await passUntil(clock, () => expect(backups.conversation(id).getState()?.consent).toBe("allowed"));
    host.activate(id, { isOwn: true });
    await passUntil(clock, () => expect(backups.canWrite(id)).toBe(true));
    expect(conversation(host, "group").consent).toBe("allowed");
    backups.stop();
  });

  /** Others have added this phone while it was offline: the next sync brings their Welcome. */
  function welcomeAtNextSync(host: FakeHost, id: string): void {
    const sync = host.syncConversations.bind(host);
    vi.spyOn(host, "syncConversations").mockImplementationOnce(async (options) => {
      host.activate(id, { isOwn: true });
      await sync(options);
    });
  }

  it("behavior: what a newer archive says holds, although the Welcome comes with the first look after it", async () => {
    const { one, entries } = await decided("allowed", "denied");
    const { host, backups, clock } = await newPhone(one);
    await backups.restore(entries[0] as ArchiveEntry).result;
    const { id } = conversation(host, "group");
    await passUntil(clock, () => expect(backups.conversation(id).getState()?.consent).toBe("allowed"));
    welcomeAtNextSync(host, id);
    await backups.restore(entries[1] as ArchiveEntry).result;
    await passUntil(clock, () => expect(backups.canWrite(id)).toBe(true));
    expect(conversation(host, "group").consent).toBe("denied");
    backups.stop();
  });

  it("behavior: what the user blocks while it is inactive stays so, although the Welcome comes with the next look", async () => {
    const { one, entries } = await decided("allowed");
    const { host, backups, clock } = await newPhone(one);
    await backups.restore(entries[0] as ArchiveEntry).result;
    const { id } = conversation(host, "group");
    await passUntil(clock, () => expect(backups.conversation(id).getState()?.consent).toBe("allowed"));
    await host.setConsent(id, "denied");
    welcomeAtNextSync(host, id);
    backups.lookNow();
    await passUntil(clock, () => expect(backups.canWrite(id)).toBe(true));
    expect(conversation(host, "group").consent).toBe("denied");
    backups.stop();
  });

  it.each([
    ["blocked later", "allowed", "denied"],
    ["unblocked later", "denied", "allowed"],
  ] as const)(
    "behavior: %s: the newest archive is right in whatever order they are restored, and after an app restart",
    async (_what, first, last) => {
      const { one, entries } = await decided(first, last);
      for (const order of [
        [0, 1],
        [1, 0],
        [1, 0, 1, 0],
      ]) {
        const phone = await newPhone(one);
        let { backups } = phone;
        for (const index of order) {
          await backups.restore(entries[index] as ArchiveEntry).result;
          backups.stop();
          ({ backups } = await newPhone(one, phone.host));
        }
        expect(await consentsOf(phone.host)).toEqual([last, last, last]);
        backups.stop();
      }
    },
  );

  it("behavior: what the user decided here since is right before every archive", async () => {
    const { one, entries } = await decided("allowed", "unknown");
    const { host, backups } = await newPhone(one);
    for (const [index, consent] of [
      [0, "denied"],
      [1, "allowed"],
      [1, "denied"],
      [0, "denied"],
    ] as const) {
      await backups.restore(entries[index] as ArchiveEntry).result;
      for (const kind of ["group", "dm"] as const) await host.setConsent(conversation(host, kind).id, consent);
      await host.setConsentOf(person(host), consent);
      await backups.restore(entries[1 - index] as ArchiveEntry).result;
      expect(await consentsOf(host)).toEqual([consent, consent, consent]);
    }
    backups.stop();
  });

  it("behavior: what the user had decided before the first restore stays", async () => {
    const { one, entries } = await decided("allowed");
    const host = fakeHost({ inbox: fakeInbox({ groups: 1, dms: 1 }) });
    decide(host, "denied");
    const { backups } = await newPhone(one, host);
    await backups.restore(entries[0] as ArchiveEntry).result;
    expect(await consentsOf(host)).toEqual(["denied", "denied", "denied"]);
    backups.stop();
  });

  it("behavior: an import that was cut off before the decisions were put right: the next start does it", async () => {
    const { one, entries } = await decided("denied");
    const { host, backups } = await newPhone(one);
    for (const method of ["setConsent", "setConsentOf"]) host.failures.failNext(method, new Error("the process ends here"), 2);
    await backups.restore(entries[0] as ArchiveEntry).result;
    expect(conversation(host, "dm").consent).toBe("allowed");
    backups.stop();
    const again = await newPhone(one, host);
    expect(await consentsOf(host)).toEqual(["denied", "denied", "denied"]);
    await host.setConsent(conversation(host, "dm").id, "allowed");
    again.backups.stop();
    (await newPhone(one, host)).backups.stop();
    expect(conversation(host, "dm").consent).toBe("allowed");
  });

  it.each([2, 3])(
    "behavior: a note whose write %i fails once is written with the next part, so that the user's later decision holds",
    async (failing) => {
      const one = world({ inbox: fakeInbox({ groups: 1, dms: 1, messagesEach: 1_200 }) });
      decide(one.host, "denied");
      const { entry } = await one.backups.backup().result;
      const { host, backups } = await newPhone(one);
      const { journal } = host;
      const write = journal.write.bind(journal);
      let writes = 0;
      journal.write = async (name, ...rest) => {
        if (name === "decisions" && (writes += 1) === failing) throw new Error("the disk is busy");
        return write(name, ...rest);
      };
      await backups.restore(entry).result;
      expect(writes).toBeGreaterThan(failing);
      expect(await consentsOf(host)).toEqual(["denied", "denied", "denied"]);
      backups.stop();
      for (const kind of ["group", "dm"] as const) await host.setConsent(conversation(host, kind).id, "allowed");
      await host.setConsentOf(person(host), "allowed");
      const again = await newPhone(one, host);
      expect(await consentsOf(host)).toEqual(["allowed", "allowed", "allowed"]);
      again.backups.stop();
    },
  );

  it("behavior: an import that fails half-way leaves what the user decided", async () => {
    const { one, entries } = await decided("denied");
    const { host, backups } = await newPhone(one);
    const importArchive = host.importArchive.bind(host);
    vi.spyOn(host, "importArchive").mockImplementationOnce(async (...parameters) => {
      await importArchive(...parameters);
      throw new Error("the SDK failed after all");
    });
    await expect(backups.restore(entries[0] as ArchiveEntry).result).rejects.toMatchObject({ code: "IMPORT_FAILED" });
    expect(await consentsOf(host)).toEqual(["denied", "denied", "denied"]);
    backups.stop();
  });

  it("parameters: elements: messages alone say nothing of decisions, and change none", async () => {
    const one = world({ inbox: fakeInbox({ groups: 1, dms: 1 }) });
    const messages = await one.backups.backup({ elements: ["messages"] }).result;
    decide(one.host, "denied");
    const all = await one.backups.backup().result;
    const { host, backups } = await newPhone(one);
    for (const { entry } of [messages, all, messages]) await backups.restore(entry).result;
    expect(await consentsOf(host)).toEqual(["denied", "denied", "denied"]);
    backups.stop();
  });

  it("parameters: elements: messages alone accept no request that is here", async () => {
    const one = world({ inbox: fakeInbox({ groups: 1, dms: 1 }) });
    const { entry } = await one.backups.backup({ elements: ["messages"] }).result;
    const host = fakeHost({ inbox: fakeInbox({ groups: 1, dms: 1 }) });
    decide(host, "unknown");
    const { backups } = await newPhone(one, host);
    await backups.restore(entry).result;
    expect(await consentsOf(host)).toEqual(["unknown", "unknown", "unknown"]);
    backups.stop();
  });

  it("parameters: allowOtherInbox: another inbox's newer archive changes none of the user's own decisions", async () => {
    const { one, entries } = await decided("allowed");
    const stranger = world({ inboxId: "b".repeat(64), inbox: fakeInbox({ groups: 1, dms: 1 }) });
    decide(stranger.host, "denied");
    stranger.host.exportedAtNs = 9_000_000n;
    const { entry } = await stranger.backups.backup().result;
    const file = new Blob([...stranger.store.archives.values()]);
    for (const order of [
      ["own", "other"],
      ["other", "own"],
    ]) {
      const { host, backups } = await newPhone(one);
      for (const whose of order) {
        await (whose === "own"
          ? backups.restore(entries[0] as ArchiveEntry)
          : backups.restore(file, { allowOtherInbox: true, key: stranger.key })
        ).result;
      }
      expect(await consentsOf(host)).toEqual(["allowed", "allowed", "allowed"]);
      backups.stop();
    }
    expect(entry.details?.inboxId).toBe("b".repeat(64));
  });

  it("behavior: a newer archive of a phone on which nobody decided changes nothing", async () => {
    const { one, entries } = await decided("denied");
    const other = fakeHost({ inbox: fakeInbox({ groups: 1, dms: 1 }) });
    other.inbox.consent = [];
    other.exportedAtNs = 9_000_000n;
    const second = createBackups({ host: other, store: one.store, keys: one.keys, clock: one.clock });
    const { entry } = await second.backup().result;
    for (const order of [
      [entries[0], entry],
      [entry, entries[0]],
    ]) {
      const { host, backups } = await newPhone(one);
      for (const each of order) await backups.restore(each as ArchiveEntry).result;
      expect(await consentsOf(host)).toEqual(["denied", "denied", "denied"]);
      backups.stop();
    }
  });

  /** A DM of this phone with the person of the archive's. */
  function ownDm(one: ReturnType<typeof world>, consent: Consent): FakeHost {
    const host = fakeHost();
    const peerInboxId = person(one.host);
    host.inbox.conversations.set("own", {
      id: "own",
      kind: "dm",
      peerInboxId,
      isActive: true,
      createdAtNs: 1n,
      consent,
      messages: new Map(),
    });
    return host;
  }

  it.each([
    ["denied", "allowed", "denied"],
    ["allowed", "denied", "denied"],
    ["unknown", "allowed", "allowed"],
  ] as const)(
    "behavior: a DM that is %s on this phone, and %s in the archive under another id, comes back %s",
    async (own, archived, restored) => {
      const { one, entries } = await decided(archived);
      const { host, backups } = await newPhone(one, ownDm(one, own));
      await backups.restore(entries[0] as ArchiveEntry).result;
      const { id } = conversation(one.host, "dm");
      expect([host.inbox.conversations.get(id)?.consent, host.inbox.conversations.get("own")?.consent]).toEqual([restored, own]);
      backups.stop();
    },
  );
});
