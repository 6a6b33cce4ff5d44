import { describe, expect, it, vi } from "vitest";
import { backUp, contentsOf, newInstallation, world } from "../support/world.ts";

describe("room for a backup", () => {
  const outcome = (task: { result: Promise<unknown> }) =>
    task.result.then(
      () => "succeeded",
      ({ code }: { code: string }) => code,
    );

  it("behavior: a device without room for the parts and the archive is DEVICE_FULL before anything is exported", async () => {
    const { backups, host, store } = world();
    const { sizeBytes } = await backUp(backups);
    const before = contentsOf(store);
    host.failures.failNext("exportArchive", new Error("nothing may be exported"));
    host.setFreeBytes(sizeBytes * 2 - 1);
    await expect(backups.backup().result).rejects.toMatchObject({
      code: "DEVICE_FULL",
      retryable: false,
      details: expect.stringMatching(/^It needs about \d+\.\d MB, and \d+\.\d MB are free\.$/) as string,
    });
    expect(contentsOf(store)).toEqual(before);
    expect(host.unreleased).toBe(0);
  });

  it("behavior: a store without room for the archive is STORE_FULL before anything is exported", async () => {
    const { backups, host, store } = world();
    const { sizeBytes } = await backUp(backups);
    host.failures.failNext("exportArchive", new Error("nothing may be exported"));
    store.setUsage({ usedBytes: 1_000, totalBytes: 1_000 + sizeBytes - 1 });
    await expect(backups.backup().result).rejects.toMatchObject({ code: "STORE_FULL", retryable: false });
  });

  it("behavior: just enough room is enough", async () => {
    const { backups, host, store } = world();
    const { sizeBytes } = await backUp(backups);
    host.setFreeBytes(sizeBytes * 2);
    store.setUsage({ usedBytes: 1_000, totalBytes: 1_000 + sizeBytes });
    expect(await outcome(backups.backup())).toBe("succeeded");
  });

  it("behavior: the first backup is measured by its messages", async () => {
    const { backups, host } = world();
    host.setFreeBytes(1_000);
    expect(await outcome(backups.backup())).toBe("DEVICE_FULL");
    expect(await outcome(backups.backup({ elements: ["consent"] }))).toBe("succeeded");
  });

  it("behavior: one large message does not make the many short ones after it look large", async () => {
    const { backups, host } = world();
    const [first] = host.inbox.conversations.values();
    const [message] = first!.messages.values();
    const large = { ...message!, id: "f".repeat(64), content: new Uint8Array(500_000) };
    first!.messages.set(large.id, large);
    await backUp(backups);
    for (let index = 0; index < 1_000; index += 1)
      first!.messages.set(`${index}`.padStart(64, "e"), { ...message!, id: `${index}`.padStart(64, "e") });
    host.setFreeBytes(3_000_000);
    expect(await outcome(backups.backup())).toBe("succeeded");
  });

  it("behavior: where nobody can tell how much is free, or asking fails, the backup is made", async () => {
    const { backups, host, store } = world();
    host.failures.failNext("freeBytes", new Error("no such call"));
    store.failures.failNext("usage", new Error("no such property"));
    expect(await outcome(backups.backup())).toBe("succeeded");
    host.setFreeBytes(undefined);
    store.setUsage(undefined);
    expect(await outcome(backups.backup())).toBe("succeeded");
  });

  it("behavior: an import that left something out in silence is DEVICE_FULL where the database has no room, and is completed once it has", async () => {
    const old = world();
    const entry = await backUp(old.backups);
    const { host, backups } = newInstallation(old);
    // As versions of the SDK do whose database can't grow.
    const importing = vi.spyOn(host, "importArchive").mockResolvedValue();
    host.setFreeBytes(entry.sizeBytes - 1);
    await expect(backups.restore(entry).result).rejects.toMatchObject({ code: "DEVICE_FULL", retryable: false });
    host.setFreeBytes(entry.sizeBytes);
    const { messages, incompleteConversationIds } = await backups.restore(entry).result;
    expect([messages.restored, incompleteConversationIds.length]).toEqual([0, old.host.inbox.conversations.size]);
    importing.mockRestore();
    const completed = await backups.restore(entry).result;
    expect([completed.messages.restored, completed.incompleteConversationIds]).toEqual([messages.expected, []]);
  });

  it("behavior: a download that does not fit is DEVICE_FULL before it is fetched; what a store reads in place needs no room", async () => {
    const old = world();
    const entry = await backUp(old.backups);
    const { host, backups } = newInstallation(old);
    host.setFreeBytes(entry.sizeBytes - 1);
    Object.assign(old.store.features, { local: false });
    const fetched = vi.spyOn(old.store, "get");
    expect(await outcome(backups.restore(entry))).toBe("DEVICE_FULL");
    expect(fetched).not.toHaveBeenCalled();
    Object.assign(old.store.features, { local: true });
    expect(await outcome(backups.restore(entry))).toBe("succeeded");
  });
});
