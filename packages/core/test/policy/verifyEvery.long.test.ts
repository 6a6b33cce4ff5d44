import { describe, expect, it, vi } from "vitest";
import { world } from "../support/policyWorld.ts";

describe("verifyEvery", () => {
  it("default: now and then a stored archive is read back whole, and its manifest says when", async () => {
    const one = world({ frequency: "monthly", verifyEvery: "3d", afterMessages: false });
    await one.start();
    const { entry } = await one.backups.backup().result;
    await one.passUntil(async () => {
      const [read] = await one.backups.list();
      expect(read?.details?.verifiedAtMs).toBeGreaterThan(entry.details?.verifiedAtMs ?? Infinity);
    });
    one.backups.stop();
  });

  it("behavior: an archive that can't be read back shows in the status and is suggested to be seen to, until it is gone", async () => {
    const one = world({ frequency: "monthly", verifyEvery: "3d", afterMessages: false });
    await one.start();
    const { entry } = await one.backups.backup().result;
    const bytes = one.store.archives.get(entry.id);
    bytes?.set([(bytes.at(-9) ?? 0) ^ 1], bytes.length - 9);
    await one.passUntil(() =>
      expect(one.status().health).toMatchObject({ level: "warning", reason: "damaged", code: "ARCHIVE_DAMAGED", archiveId: entry.id }),
    );
    await one.passUntil(() =>
      expect(one.reminders()).toContainEqual(
        expect.objectContaining({ id: `damaged:${entry.id}`, kind: "damaged", code: "ARCHIVE_DAMAGED" }),
      ),
    );
    await one.backups.remove(entry.id);
    await vi.waitFor(() => expect(one.status().health?.reason).not.toBe("damaged"));
    expect(one.reminders().map(({ kind }) => kind)).not.toContain("damaged");
    one.backups.stop();
  });

  it("behavior: one that was found whole again is not damaged any more", async () => {
    const one = world({ frequency: "monthly", verifyEvery: "3d", afterMessages: false });
    await one.start();
    const { entry } = await one.backups.backup().result;
    const bytes = one.store.archives.get(entry.id)!;
    one.store.archives.set(entry.id, bytes.slice(0, -9));
    await one.passUntil(() => expect(one.status().health).toMatchObject({ reason: "damaged", code: "ARCHIVE_TRUNCATED" }));
    one.store.archives.set(entry.id, bytes);
    one.clock.advance(1_000);
    await one.backups.verify(entry.id);
    await vi.waitFor(() => expect(one.status().health?.reason).not.toBe("damaged"));
    one.backups.stop();
  });

  it("behavior: damage is not forgotten for a verification that a wrong clock dated years ahead", async () => {
    const one = world({ frequency: "monthly", verifyEvery: "3d", afterMessages: false });
    await one.start();
    const { entry } = await one.backups.backup().result;
    const now = one.clock.now;
    one.clock.now = () => now() + 3650 * 24 * 60 * 60 * 1000;
    await one.backups.verify(entry.id);
    one.clock.now = now;
    const bytes = one.store.archives.get(entry.id)!;
    one.store.archives.set(entry.id, bytes.slice(0, -9));
    await one.passUntil(() => expect(one.status().health).toMatchObject({ reason: "damaged", code: "ARCHIVE_TRUNCATED" }));
    one.backups.stop();
  });

  it("behavior: one whose bytes can't be read now is not called damaged, and is read again", async () => {
    const one = world({ frequency: "monthly", verifyEvery: "3d", afterMessages: false });
    await one.start();
    const { entry } = await one.backups.backup().result;
    const unreadable = new DOMException("The file changed.", "NotReadableError");
    const part = { size: entry.sizeBytes, stream: () => new ReadableStream({ pull: (controller) => controller.error(unreadable) }) };
    const blob = { ...part, slice: () => part, arrayBuffer: () => Promise.reject(unreadable) } as unknown as Blob;
    const reasons: (string | undefined)[] = [];
    one.backups.status$.subscribe(({ health }) => void reasons.push(health?.reason));
    const get = vi.spyOn(one.store, "get").mockResolvedValueOnce(blob);
    await one.passUntil(async () => {
      const [read] = await one.backups.list();
      expect(read?.details?.verifiedAtMs).toBeGreaterThan(entry.details?.verifiedAtMs ?? Infinity);
    });
    expect(get.mock.calls.length).toBeGreaterThan(1);
    expect(reasons).not.toContain("damaged");
    expect(one.reminders().map(({ kind }) => kind)).not.toContain("damaged");
    one.backups.stop();
  });

  it("behavior: an archive whose bytes are gone shows in the status and is suggested to be seen to, until it is removed", async () => {
    const one = world({ frequency: "monthly", verifyEvery: "3d", afterMessages: false });
    await one.start();
    const { entry } = await one.backups.backup().result;
    one.store.archives.delete(entry.id);
    await one.passUntil(() =>
      expect(one.status().health).toMatchObject({ level: "warning", reason: "damaged", code: "ARCHIVE_NOT_FOUND", archiveId: entry.id }),
    );
    await one.passUntil(() =>
      expect(one.reminders()).toContainEqual(
        expect.objectContaining({ id: `damaged:${entry.id}`, kind: "damaged", code: "ARCHIVE_NOT_FOUND" }),
      ),
    );
    await one.backups.remove(entry.id);
    await vi.waitFor(() => expect(one.status().health?.reason).not.toBe("damaged"));
    one.backups.stop();
  });
});
