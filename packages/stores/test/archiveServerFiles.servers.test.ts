import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createArchiveServer, type ArchiveServerOptions } from "../src/server/index.ts";
import { inboxArchives } from "../src/server/inboxArchives.ts";
import { inboxes } from "./archiveServer.ts";
import { fingerprint, tus, serverFolder } from "./serverFolder.ts";

describe("createArchiveServer, its files", () => {
  const { start, folder, files, directory } = serverFolder();
  const authenticate = () => undefined;
  const neverMade = join(tmpdir(), `xmtp-backup-never-made-${process.pid}`);

  it("behavior: a document's name that Windows takes for a device is none", async () => {
    const { ask } = await start();
    expect((await ask("PUT", "/documents/con", { "If-None-Match": "*" }, "x")).status).toBe(404);
    expect(await files()).toEqual([]);
  });

  it.each([
    undefined,
    {},
    { directory: neverMade },
    { authenticate },
    { directory: "", authenticate },
    { directory: neverMade, authenticate: "alice" },
    { directory: neverMade, authenticate, quotaByte: 1_000 },
    { directory: neverMade, authenticate, quotaBytes: "1000" },
    { directory: neverMade, authenticate, path: 5 },
    { directory: neverMade, authenticate, origins: "https://app.example.com" },
    { directory: neverMade, authenticate, origins: [/example/] },
    ...[
      "*",
      "null",
      "",
      "app.example.com",
      "https://app.example.com/",
      "https://app.example.com/chat",
      "https://APP.example.com",
      "https://app.example.com:443",
      "https://",
    ].map((origin) => ({ directory: neverMade, authenticate, origins: [origin] })),
  ])("parameters: wrong options (%#) are refused at once, and no folder is made", async (options) => {
    expect(() => createArchiveServer(options as unknown as ArchiveServerOptions)).toThrow(
      expect.objectContaining({ code: "OPTIONS_INVALID" }) as Error,
    );
    await expect(stat(neverMade)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("parameters: origins: those of pages, with a port, and those of apps in a shell of their own", async () => {
    const place = await mkdtemp(join(tmpdir(), "xmtp-backup-server-"));
    try {
      const origins = [
        "https://app.example.com",
        "http://127.0.0.1:5173",
        "http://[::1]:5173",
        "capacitor://localhost",
        "chrome-extension://abcdefghijklmnop",
      ];
      const { fetch } = createArchiveServer({ directory: place, authenticate, origins });
      const allowed = async (origin: string) =>
        (await fetch(new Request("https://backups.example.com/archives", { headers: { origin } }))).headers.get(
          "access-control-allow-origin",
        );
      for (const origin of origins) expect(await allowed(origin)).toBe(origin);
      for (const origin of ["https://app.example.co", "https://example.com", "http://127.0.0.1"]) expect(await allowed(origin)).toBeNull();
    } finally {
      await rm(place, { recursive: true, force: true });
    }
  });

  it.skipIf(process.platform === "win32")("behavior: files and folders are their owner's alone", async () => {
    const server = await start();
    const store = server.storeOf("alice");
    const [whole, begun] = [crypto.randomUUID(), crypto.randomUUID()];
    await store.put(whole, new Blob(["x"]));
    await store.putManifest(whole, new Uint8Array(1));
    await store.putDocument?.("key-ring", new Uint8Array(1), { replaces: undefined });
    await server.begin(begun, 3);
    await server.send(begun, 0, "a");
    const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
    expect([await modeOf(directory()), await modeOf(folder())]).toEqual(["700", "700"]);
    const names = await files();
    expect(names).toHaveLength(5);
    for (const name of names) expect([name, await modeOf(join(folder(), name))]).toEqual([name, "600"]);
  });

  it.skipIf(process.platform === "win32")("behavior: the modes of folders that are there already are their owner's to say", async () => {
    await mkdir(folder(), { recursive: true });
    await chmod(folder(), 0o750);
    const server = await start();
    await server.storeOf("alice").put(crypto.randomUUID(), new Blob(["x"]));
    expect(((await stat(folder())).mode & 0o777).toString(8)).toBe("750");
  });

  it.skipIf(process.platform === "win32")("behavior: links are not followed, neither to read nor to write", async () => {
    const [outside, id, listed] = [join(directory(), "..", "outside"), crypto.randomUUID(), crypto.randomUUID()];
    await mkdir(folder(), { recursive: true });
    await writeFile(outside, "secret");
    await symlink(outside, join(folder(), `${id}.xmtp`));
    await symlink(outside, join(folder(), `${listed}.manifest.json`));
    await symlink(outside, join(folder(), "key-ring.json"));
    await symlink(outside, join(folder(), `${id}.${fingerprint}.part`));
    await writeFile(join(folder(), `${id}.${fingerprint}.part.json`), '{"size":10}');
    const server = await start();
    const store = server.storeOf("alice");
    await expect(store.get(id)).rejects.toMatchObject({ code: "ARCHIVE_NOT_FOUND" });
    expect(await store.getDocument?.("key-ring")).toBeUndefined();
    for await (const entry of store.list()) expect(entry.id).not.toBe(listed);
    expect((await server.send(id, 6, "more")).status).toBe(404);
    await store.put(id, new Blob(["mine"]));
    await store.putDocument?.("key-ring", new Uint8Array([1]), { replaces: undefined });
    expect(await (await store.get(id)).text()).toBe("mine");
    await store.remove(listed);
    expect(await readFile(outside, "utf8")).toBe("secret");
  });

  it.skipIf(process.platform === "win32")("behavior: a link in place of an inbox's folder is no place", async () => {
    const outside = join(directory(), "..", "outside");
    await mkdir(outside);
    await mkdir(directory());
    await symlink(outside, folder());
    const server = await start();
    expect((await server.ask("GET", "/archives")).status).toBe(500);
    expect(await server.begin(crypto.randomUUID(), 3)).toBe(500);
    expect(await readdir(outside)).toEqual([]);
  });

  it("behavior: what fails on the server is answered without a word of its files", async () => {
    const server = await start();
    const id = crypto.randomUUID();
    await server.begin(id, 3);
    await rm(folder(), { recursive: true });
    await writeFile(folder(), "");
    const metadata = `archive ${Buffer.from(id).toString("base64")},fingerprint ${Buffer.from(fingerprint).toString("base64")}`;
    const answers = [
      await server.ask("POST", "/uploads", { ...tus, "Upload-Metadata": metadata, "Upload-Length": "3" }),
      await server.send(id, 0, "abc"),
      await server.ask("GET", "/archives"),
    ];
    for (const answer of answers) {
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(await answer.text()).not.toContain(inboxes.alice);
    }
  });

  describe("what is counted", () => {
    it("parameters: quotaBytes: empty archives, uploads of nothing and their notes fill it too", async () => {
      const { begin, storeOf } = await start({ quotaBytes: 10_000 });
      const statuses: number[] = [];
      for (let count = 0; count < 60; count++) statuses.push(await begin(crypto.randomUUID(), 0));
      expect(statuses.filter((status) => status === 201).length).toBeLessThan(30);
      expect(statuses.at(-1)).toBe(507);
      expect((await storeOf("alice").usage?.())?.usedBytes).toBeGreaterThan(9_000);
    });

    it("behavior: what a client says of an upload beside its size takes no room", async () => {
      const { begin, storeOf } = await start();
      await begin(crypto.randomUUID(), 1, { more: "x".repeat(8_000) });
      const sizes = await Promise.all((await files()).map(async (name) => (await stat(join(folder(), name))).size));
      expect(Math.max(...sizes)).toBeLessThan(256);
      expect((await storeOf("alice").usage?.())?.usedBytes).toBe(512);
    });

    it("parameters: maxFiles: bounds how many files there are, and removals make room", async () => {
      const { storeOf } = await start({ maxFiles: 6 });
      const store = storeOf("alice");
      const [first, second] = [crypto.randomUUID(), crypto.randomUUID()];
      for (const id of [first, second]) {
        await store.put(id, new Blob(["x"]));
        await store.putManifest(id, new Uint8Array(1));
      }
      await store.putDocument?.("key-ring", new Uint8Array(1), { replaces: undefined });
      await expect(store.put(crypto.randomUUID(), new Blob(["x"]))).rejects.toMatchObject({ code: "STORE_FULL" });
      await store.putDocument?.("mirror", new Uint8Array(1), { replaces: undefined });
      await expect(store.putDocument?.("third", new Uint8Array(1), { replaces: undefined })).rejects.toMatchObject({ code: "STORE_FULL" });
      await store.putManifest(first, new Uint8Array(2));
      await store.remove(first);
      await store.put(crypto.randomUUID(), new Blob(["x"]));
    });

    it("parameters: quotaBytes: of uploads let in while others make it count again, none is forgotten", async () => {
      const { begin, ask, storeOf } = await start({ quotaBytes: 10_000 });
      const ids = Array.from({ length: 12 }, () => crypto.randomUUID());
      const answers = await Promise.all(ids.flatMap((id) => [begin(id, 3_000), begin(crypto.randomUUID(), 9_999)]));
      expect(answers.filter((status) => status === 201).length).toBeLessThanOrEqual(3);
      const { usedBytes = 0 } = (await storeOf("alice").usage?.()) ?? {};
      expect(usedBytes).toBeLessThanOrEqual(10_000);
      const again = await start({ quotaBytes: 10_000 });
      expect(await again.storeOf("alice").usage?.()).toEqual({ usedBytes, totalBytes: 10_000 });
      expect((await ask("GET", "/")).status).toBe(200);
    });

    it("behavior: an upload that was let in is counted from that moment, also when another makes the server count again", async () => {
      const archives = inboxArchives(folder(), { bytes: 10_000, files: 100 });
      const begin = (size: number) => archives.begin(crypto.randomUUID(), fingerprint, size);
      expect(await Promise.all([begin(3_000), begin(9_999), begin(3_000), begin(9_999), begin(3_000), begin(3_000)])).toEqual([
        "done",
        "full",
        "done",
        "full",
        "done",
        "full",
      ]);
      expect(await archives.usedBytes()).toBe(await inboxArchives(folder(), { bytes: 10_000, files: 100 }).usedBytes());
    });

    it("behavior: what a crash left of a document goes with its next change", async () => {
      const server = await start();
      await mkdir(folder(), { recursive: true });
      await writeFile(join(folder(), `key-ring.json.${crypto.randomUUID()}.part`), "x");
      await server.storeOf("alice").putDocument?.("key-ring", new Uint8Array(1), { replaces: undefined });
      expect(await files()).toEqual(["key-ring.json"]);
    });

    it("behavior: a manifest that nobody could have stored here does not keep the others from being listed", async () => {
      const server = await start();
      const store = server.storeOf("alice");
      const [good, huge] = [crypto.randomUUID(), crypto.randomUUID()];
      await store.put(good, new Blob(["x"]));
      await store.putManifest(good, new Uint8Array([1]));
      await writeFile(join(folder(), `${huge}.manifest.json`), Buffer.alloc(20 * 1024 * 1024));
      const listed = new Map<string, number>();
      for await (const { id, manifest } of store.list()) listed.set(id, manifest.length);
      expect(listed).toEqual(
        new Map([
          [good, 1],
          [huge, 0],
        ]),
      );
    });

    it.each([{ quotaBytes: 0 }, { quotaBytes: NaN }, { maxFiles: -1 }, { maxArchiveBytes: NaN }, { timeoutMs: 0 }])(
      "parameters: %o is refused",
      (limits) => {
        expect(() => createArchiveServer({ directory: directory(), authenticate: () => undefined, ...limits })).toThrow(
          expect.objectContaining({ code: "OPTIONS_INVALID" }) as Error,
        );
      },
    );
  });
});
