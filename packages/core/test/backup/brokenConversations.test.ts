import { BackupError, type BackupStatus, describeHealth, type ExportRequest } from "@xmtp-backup/core";
import { type FakeHost, fakeInbox } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";
import { newInstallation, world } from "../support/world.ts";

const idsOf = (host: FakeHost) => [...host.inbox.conversations.keys()];
const messagesOf = (host: FakeHost, index: number) => [...([...host.inbox.conversations.values()][index]?.messages.values() ?? [])];

describe("a backup of a client with a broken conversation", () => {
  it("default: the others are backed up, and the broken one is named with what is missing", async () => {
    const one = world({ inbox: fakeInbox({ groups: 3, dms: 1 }) });
    const [lost = "", ...others] = idsOf(one.host);
    one.host.breakConversation(lost);
    const { entry } = await one.backups.backup().result;
    expect(entry.details?.conversations.map(({ id }) => id).sort()).toEqual([...others].sort());
    expect(entry.details?.missingMessages).toBe(3);
    expect(entry.details?.lacks).toEqual({ conversations: [{ id: lost, kind: "group", messages: 3, isBroken: true }], ranges: [] });
  });

  it("behavior: it is not noted as one that the user was removed from", async () => {
    const one = world();
    one.host.breakConversation(idsOf(one.host)[0] ?? "");
    const { entry } = await one.backups.backup().result;
    expect(entry.details?.conversations.filter(({ wasRemoved }) => wasRemoved)).toEqual([]);
  });

  it("behavior: a broken one without messages makes the archive incomplete too", async () => {
    const one = world({ inbox: fakeInbox({ groups: 2, messagesEach: 0 }) });
    const [lost = ""] = idsOf(one.host);
    one.host.breakConversation(lost);
    const { entry } = await one.backups.backup().result;
    expect(entry.details).toMatchObject({ missingMessages: 0, lacks: { conversations: [{ id: lost, isBroken: true }] } });
  });

  it("behavior: a broken DM is named without a count, since the SDK shows its messages elsewhere too", async () => {
    const one = world({ inbox: fakeInbox({ groups: 1, dms: 1 }) });
    const lost = idsOf(one.host)[1] ?? "";
    one.host.breakConversation(lost);
    const { entry } = await one.backups.backup().result;
    expect(entry.details).toMatchObject({ missingMessages: 0, lacks: { conversations: [{ id: lost, kind: "dm", isBroken: true }] } });
  });

  it("behavior: one whose messages can't be counted is named, and the others are backed up", async () => {
    const one = world();
    const [uncounted = ""] = idsOf(one.host);
    const countMessages = one.host.countMessages.bind(one.host);
    vi.spyOn(one.host, "countMessages").mockImplementation((id, ...rest) =>
      id === uncounted ? Promise.reject(new Error("no such table")) : countMessages(id, ...rest),
    );
    const { entry } = await one.backups.backup().result;
    expect(entry.details).toMatchObject({
      counts: { messages: 6 },
      missingMessages: 0,
      lacks: { conversations: [{ id: uncounted }], ranges: [] },
    });
  });

  it("behavior: a client that can count nothing fails the backup", async () => {
    const one = world();
    one.host.failures.failNext("countMessages", new Error("no such table"), 10);
    await expect(one.backups.backup().result).rejects.toMatchObject({ code: "EXPORT_FAILED" });
    expect(one.store.archives.size).toBe(0);
  });

  it("behavior: health names it until an archive is complete again", async () => {
    const one = world();
    const [lost = ""] = idsOf(one.host);
    one.host.breakConversation(lost);
    await one.backups.start();
    const health = () => {
      let seen: unknown;
      one.backups.status$.subscribe((status) => (seen = status.health)).unsubscribe();
      return seen as BackupStatus["health"];
    };
    await one.backups.backup().result;
    await vi.waitFor(() => expect(health()).toMatchObject({ level: "warning", lacks: { conversations: [{ id: lost }] } }));
    expect(health()).toMatchObject({ reason: "incomplete", missingMessages: 3 });
    expect(describeHealth(health()!).text).toBe(`The newest backup lacks 3 messages. The app can't read one conversation: ${lost}.`);
    delete one.host.inbox.conversations.get(lost)?.isBroken;
    one.clock.advance(1_000);
    await one.backups.backup().result;
    await vi.waitFor(() => expect(health()).toMatchObject({ level: "ok" }));
    expect(health()).not.toHaveProperty("lacks");
    one.backups.stop();
  });
});

describe("a backup of messages that the SDK can't export", () => {
  it("default: everything else is backed up, and the time is named with its messages", async () => {
    const one = world({ inbox: fakeInbox({ groups: 3, messagesEach: 100 }) });
    const bad = messagesOf(one.host, 1)[40];
    if (!bad) throw new Error("The inbox is smaller than it was.");
    one.host.breakExportOf(bad.id);
    const { entry } = await one.backups.backup().result;
    expect(entry.details).toMatchObject({ counts: { conversations: 3, messages: 299, consentRecords: 3 }, missingMessages: 1 });
    const [range, ...more] = entry.details?.lacks?.ranges ?? [];
    expect(more).toEqual([]);
    expect(range?.messages).toBe(1);
    const { startNs = 0n, endNs = 0n } = range ?? {};
    expect(startNs < bad.sentAtNs && bad.sentAtNs <= endNs).toBe(true);
    expect(endNs - startNs).toBeLessThanOrEqual(1_000_000_000n);
    expect(entry.details?.lacks?.conversations).toEqual([{ id: idsOf(one.host)[1], messages: 1 }]);
    expect(one.host.unreleased).toBe(0);
    const listed = (await one.backups.list())[0];
    expect(listed?.details?.lacks).toEqual(entry.details?.lacks);
    const fresh = newInstallation(one);
    expect(await fresh.backups.restore(entry).result).toMatchObject({ messages: { restored: 299, expected: 299 } });
  });

  it("behavior: messages sent in one moment are told apart from the one that fails as far as time can", async () => {
    const one = world({ inbox: fakeInbox({ groups: 1, messagesEach: 4 }) });
    const [first, second, third, fourth] = messagesOf(one.host, 0);
    if (!first || !second || !third || !fourth) throw new Error("The inbox is smaller than it was.");
    [second.sentAtNs, third.sentAtNs, fourth.sentAtNs] = [first.sentAtNs + 1n, first.sentAtNs + 2n, first.sentAtNs + 3n];
    one.host.breakExportOf(third.id);
    const { entry } = await one.backups.backup().result;
    expect(entry.details).toMatchObject({
      counts: { messages: 3 },
      missingMessages: 1,
      lacks: { ranges: [{ startNs: second.sentAtNs, endNs: third.sentAtNs, messages: 1 }] },
    });
  });

  it("behavior: an SDK that fails whatever is asked of it fails the backup after two calls, and stores nothing", async () => {
    const one = world();
    const calls = failing(one.host, () => new BackupError("EXPORT_FAILED", "The SDK could not write the archive."));
    await expect(one.backups.backup().result).rejects.toMatchObject({ code: "EXPORT_FAILED" });
    expect(calls).toHaveLength(2);
    expect(one.store.archives.size).toBe(0);
  });

  it.each([
    ["a full disk", () => Object.assign(new Error("write failed"), { code: "ENOSPC" })],
    [
      "a full disk, in the SDK's words",
      () => new BackupError("EXPORT_FAILED", "no", { cause: new Error("No space left on device (os error 28)") }),
    ],
    [
      "a file that may not grow",
      () => new BackupError("EXPORT_FAILED", "no", { cause: new Error("IO error: File too large (os error 27)") }),
    ],
    ["a missing right", () => Object.assign(new Error("open"), { code: "EACCES" })],
    ["a database in use", () => new Error("the database is locked")],
    ["a closed client", () => new BackupError("CLIENT_CLOSED", "The XMTP client is closed.")],
    ["a full quota", () => new BackupError("DEVICE_FULL", "There is no room for a temporary file.")],
  ])("behavior: %s fails the backup at once", async (_name, error) => {
    const one = world();
    const calls = failing(one.host, error, ({ startNs }) => startNs === undefined);
    await expect(one.backups.backup().result).rejects.toThrow();
    expect(calls).toHaveLength(1);
  });

  it("behavior: an archive of no message at all is not stored where there are some", async () => {
    const one = world({ inbox: fakeInbox({ groups: 1, messagesEach: 3 }) });
    for (const { id } of messagesOf(one.host, 0)) one.host.breakExportOf(id);
    await expect(one.backups.backup().result).rejects.toMatchObject({ code: "EXPORT_FAILED" });
    expect(one.store.archives.size).toBe(0);
    expect(one.host.unreleased).toBe(0);
  });

  it("behavior: consent that can't be exported does not stop the messages, and is named", async () => {
    const one = world();
    failing(
      one.host,
      () => new Error("consent is odd"),
      ({ elements }) => elements.includes("consent"),
    );
    const { entry } = await one.backups.backup().result;
    expect(entry.details).toMatchObject({
      counts: { messages: 6, consentRecords: 0 },
      missingMessages: 0,
      lacks: { consent: true, conversations: [], ranges: [] },
    });
  });

  it("behavior: a failure that passes costs nothing", async () => {
    const one = world();
    one.host.failures.failNext("exportArchive", new Error("a passing cloud"));
    const { entry } = await one.backups.backup().result;
    expect(entry.details).toMatchObject({ counts: { messages: 6, consentRecords: 2 } });
    expect(entry.details).not.toHaveProperty("lacks");
    expect(entry.details).not.toHaveProperty("missingMessages");
  });
});

describe("a restore on a client with a broken conversation", () => {
  it("default: succeeds, and names the broken one as incomplete", async () => {
    const one = world();
    const { entry } = await one.backups.backup().result;
    const { backups, host } = newInstallation(one);
    const importArchive = host.importArchive.bind(host);
    vi.spyOn(host, "importArchive").mockImplementation(async (...args) => {
      await importArchive(...args);
      host.breakConversation(idsOf(host)[0] ?? "");
    });
    const result = await backups.restore(entry).result;
    expect(result).toMatchObject({ conversations: { restored: 1, expected: 2 }, messages: { restored: 3, expected: 6 } });
    expect(result.incompleteConversationIds).toEqual([idsOf(host)[0]]);
  });

  it("behavior: one whose messages can't be counted is incomplete, and the restore succeeds", async () => {
    const one = world();
    const { entry } = await one.backups.backup().result;
    const { backups, host } = newInstallation(one);
    const countMessages = host.countMessages.bind(host);
    const uncounted = idsOf(one.host)[0];
    vi.spyOn(host, "countMessages").mockImplementation((id, ...rest) =>
      id === uncounted ? Promise.reject(new Error("no such table")) : countMessages(id, ...rest),
    );
    const result = await backups.restore(entry).result;
    expect(result.incompleteConversationIds).toEqual([uncounted]);
  });
});

/** Makes the exports fail that `which` names, and gives the requests of all that failed. */
function failing(host: FakeHost, error: () => Error, which: (request: ExportRequest) => boolean = () => true): ExportRequest[] {
  const failed: ExportRequest[] = [];
  const exportArchive = host.exportArchive.bind(host);
  vi.spyOn(host, "exportArchive").mockImplementation(async (request, ...rest) => {
    if (!which(request)) return exportArchive(request, ...rest);
    failed.push(request);
    throw error();
  });
  return failed;
}
