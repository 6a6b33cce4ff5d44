import { describe, expect, it, vi } from "vitest";
import { backUp, newInstallation, world } from "../support/world.ts";

/** A blob of a file that is gone, changed, or on a disk that fails. */
function unreadable(size: number): Blob {
  const fail = () => new DOMException("The blob could not be read", "NotReadableError");
  const view = (length: number): object => ({
    size: length,
    slice: (from = 0, to = length) => view(Math.min(to, length) - from),
    stream: () => new ReadableStream({ pull: (controller) => controller.error(fail()) }),
    arrayBuffer: () => Promise.reject(fail()),
  });
  return view(size) as Blob;
}

describe("an archive whose bytes can't be read", () => {
  it("behavior: it is not damaged, and may be read later", async () => {
    const one = world();
    const entry = await backUp(one.backups);
    const { backups, host } = newInstallation(one);
    const get = vi.spyOn(one.store, "get").mockImplementation(async () => unreadable(entry.sizeBytes));
    for (const run of [() => backups.restore(entry).result, () => backups.inspect(entry), () => backups.verify(entry.id)]) {
      await expect(run()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", retryable: true });
    }
    await expect(backups.restore(unreadable(900)).result).rejects.toMatchObject({ code: "HOST_FAILED", retryable: true });
    expect(host.inbox.conversations.size).toBe(0);
    get.mockRestore();
    expect((await backups.restore(entry).result).messages).toEqual({ restored: 6, expected: 6 });
    expect((await backups.verify(entry.id)).seal).toBe("open");
  });

  it("behavior: an error that is none of ours has a code wherever it is met", async () => {
    const { backups, store } = world();
    const entry = await backUp(backups);
    vi.spyOn(store, "get").mockRejectedValue(new DOMException("gone", "NotReadableError"));
    for (const run of [() => backups.restore(entry).result, () => backups.inspect(entry), () => backups.verify(entry.id)]) {
      await expect(run()).rejects.toMatchObject({ code: "STORE_FAILED", retryable: true });
    }
  });

  it("behavior: what was wrong in one reading is not damage while the bytes can't be read once more", async () => {
    const one = world();
    const entry = await backUp(one.backups);
    const { backups } = newInstallation(one);
    const bytes = one.store.archives.get(entry.id)!.slice();
    bytes[bytes.length - 30]! ^= 1;
    const torn = new Blob([bytes]);
    let readings = 0;
    const stream = torn.slice.bind(torn);
    torn.slice = (...range) => ((readings += 1) > 1 ? unreadable(bytes.length) : stream(...range));
    torn.arrayBuffer = () => Promise.resolve(bytes.buffer);
    vi.spyOn(one.store, "get").mockImplementation(async () => torn);
    await expect(backups.restore(entry).result).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", retryable: true });
  });
});
