import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { refuseFlushes } from "../../../test/files/refuseFlushes.ts";
import { whileHeldElsewhere } from "../../../test/files/whileHeldElsewhere.ts";
import { httpStore } from "../src/http/index.ts";
import { createArchiveServer, type ArchiveServerOptions } from "../src/server/index.ts";
import { inboxArchives } from "../src/server/inboxArchives.ts";
import { inboxes, startArchiveServer } from "./archiveServer.ts";

const fingerprint = "0".repeat(64);
const tus = { "Tus-Resumable": "1.0.0" };

describe("createArchiveServer, its files", () => {
  const servers: Awaited<ReturnType<typeof startArchiveServer>>[] = [];
  let directory: string;
  beforeEach(async () => {
    directory = join(await mkdtemp(join(tmpdir(), "xmtp-backup-server-")), "archives");
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.dispose()));
    await rm(join(directory, ".."), { recursive: true, force: true });
  });

  async function start(options: Partial<ArchiveServerOptions> = {}) {
    const server = await startArchiveServer({ directory, ...options });
    servers.push(server);
    const ask = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
      fetch(`${server.url}${path}`, {
        method,
        headers: { Authorization: "Bearer alice", ...headers },
        ...(body !== undefined && { body }),
      });
    const begin = async (id: string, size: number, more: Record<string, string> = {}) => {
      const pairs = Object.entries({ archive: id, fingerprint, ...more }).map(
        ([name, value]) => `${name} ${Buffer.from(value).toString("base64")}`,
      );
      return (await ask("POST", "/uploads", { ...tus, "Upload-Metadata": pairs.join(","), "Upload-Length": String(size) })).status;
    };
    const send = (id: string, offset: number, body: string) =>
      ask(
        "PATCH",
        `/uploads/${id}/${fingerprint}`,
        { ...tus, "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) },
        body,
      );
    const storeOf = (token: string) =>
      httpStore({ url: server.url, retries: 0, credentials: () => ({ Authorization: `Bearer ${token}` }) });
    return { ...server, ask, begin, send, storeOf };
  }
  const folder = () => join(directory, inboxes.alice);
  const files = async () => (await readdir(folder()).catch(() => [])).sort();

  describe("the note of an upload that can't be read", () => {
    it.each<[string, (note: string) => Promise<void>]>([
      ["empty", (note) => writeFile(note, "")],
      ["cut", (note) => writeFile(note, '{"size":3,"meta')],
      ["zeros", (note) => writeFile(note, Buffer.alloc(512))],
      ["null", (note) => writeFile(note, "null")],
      ["a size that is none", (note) => writeFile(note, '{"size":"3"}')],
      ["a size below zero", (note) => writeFile(note, '{"size":-3}')],
      ["gone", (note) => rm(note)],
      ["endless", (note) => writeFile(note, `{"size":3,"more":"${"x".repeat(1024 * 1024)}"}`)],
      [
        "a folder",
        async (note) => {
          await rm(note);
          await mkdir(note);
        },
      ],
      [
        "a link",
        async (note) => {
          await rm(note);
          await symlink(join(note, "..", "elsewhere"), note);
        },
      ],
    ])("behavior: %s: the inbox works, before and after a restart, and the archive goes up again", async (_title, damage) => {
      const first = await start();
      const [id, other] = [crypto.randomUUID(), crypto.randomUUID()];
      expect(await first.begin(id, 3)).toBe(201);
      expect((await first.send(id, 0, "a")).status).toBe(204);
      await damage(join(folder(), `${id}.${fingerprint}.part.json`));
      for (const server of [first, await start()]) {
        const store = server.storeOf("alice");
        await store.open();
        await store.usage?.();
        await store.put(other, new Blob(["others"]));
        await store.remove(other);
        expect((await server.ask("HEAD", `/uploads/${id}/${fingerprint}`, tus)).status).toBe(404);
        expect((await server.send(id, 1, "bc")).status).toBe(404);
        expect((await store.unfinished()).map((each) => each.id)).toEqual([id]);
      }
      const store = first.storeOf("alice");
      await store.put(id, new Blob(["abc"]));
      expect(await (await store.get(id)).text()).toBe("abc");
      await store.remove(id);
      expect(await files()).toEqual([]);
    });

    it("behavior: what such an upload left is removed, and its room given back", async () => {
      const server = await start({ quotaBytes: 10_000 });
      const id = crypto.randomUUID();
      await server.begin(id, 9_000);
      await writeFile(join(folder(), `${id}.${fingerprint}.part.json`), "");
      const store = server.storeOf("alice");
      await store.remove(id);
      expect([await files(), await store.usage?.()]).toEqual([[], { usedBytes: 0, totalBytes: 10_000 }]);
    });

    it("behavior: a note alone, which a crash left, is told as unfinished and can be removed", async () => {
      const server = await start();
      const id = crypto.randomUUID();
      await mkdir(folder(), { recursive: true });
      await writeFile(join(folder(), `${id}.${fingerprint}.part.json`), "");
      const store = server.storeOf("alice");
      expect((await store.unfinished()).map((each) => each.id)).toEqual([id]);
      await store.remove(id);
      expect(await files()).toEqual([]);
    });

    it("behavior: a note as an earlier version wrote it is gone on from", async () => {
      const server = await start();
      const id = crypto.randomUUID();
      await mkdir(folder(), { recursive: true });
      await writeFile(join(folder(), `${id}.${fingerprint}.part`), "a");
      await writeFile(
        join(folder(), `${id}.${fingerprint}.part.json`),
        JSON.stringify({ id: "x", size: 3, offset: 0, metadata: { archive: id, fingerprint }, creation_date: "2026-01-01T00:00:00.000Z" }),
      );
      expect((await server.send(id, 1, "bc")).status).toBe(204);
      expect(await (await server.storeOf("alice").get(id)).text()).toBe("abc");
    });
  });

  describe("a disk as it is in the field", () => {
    afterEach(() => {
      vi.restoreAllMocks();
    });

    /** One of each change that an inbox can ask for. */
    async function changeEverything(): Promise<void> {
      const store = (await start()).storeOf("alice");
      const id = crypto.randomUUID();
      await store.put(id, new Blob(["abc"]));
      await store.putManifest(id, new Uint8Array([1]));
      await store.putDocument?.("key-ring", new Uint8Array([2]), { replaces: undefined });
      expect(await (await store.get(id)).text()).toBe("abc");
      await store.remove(id);
      expect(await files()).toEqual(["key-ring.json"]);
    }

    it("behavior: a folder that can't be flushed keeps everything", async () => {
      const { refused } = await refuseFlushes("folders", "EINVAL");
      await changeEverything();
      expect(refused()).toBeGreaterThan(2);
    });

    it("behavior: a file that can't be flushed is not stored", async () => {
      const store = (await start()).storeOf("alice");
      await refuseFlushes("files", "EIO");
      await expect(store.putDocument?.("key-ring", new Uint8Array([2]), { replaces: undefined })).rejects.toMatchObject({
        code: "STORE_UNAVAILABLE",
      });
      expect(await files()).toEqual([]);
    });

    it("behavior: a file that another program holds for an instant is replaced all the same", async () => {
      expect(await whileHeldElsewhere({ call: "rename", code: "EPERM", times: 2 }, changeEverything)).toBeGreaterThan(4);
    });
  });

  describe("a folder in the place of a file", () => {
    /** What no server makes: somebody did by hand, or a disk that was repaired. */
    const spoil = async (name: string) => {
      await rm(join(folder(), name), { force: true });
      await mkdir(join(folder(), name, "more"), { recursive: true });
    };

    it("behavior: a manifest and a document are stored in its place", async () => {
      const server = await start();
      const [store, id] = [server.storeOf("alice"), crypto.randomUUID()];
      await store.put(id, new Blob(["abc"]));
      await spoil(`${id}.manifest.json`);
      await spoil("key-ring.json");
      await store.putManifest(id, new Uint8Array([1]));
      await store.putDocument?.("key-ring", new Uint8Array([2]), { replaces: undefined });
      expect((await store.getDocument?.("key-ring"))?.bytes).toEqual(new Uint8Array([2]));
      expect(await files()).toEqual([`${id}.manifest.json`, `${id}.xmtp`, "key-ring.json"]);
    });

    it("behavior: an upload that ends becomes the archive", async () => {
      const server = await start();
      const id = crypto.randomUUID();
      await server.begin(id, 3);
      await spoil(`${id}.xmtp`);
      expect((await server.send(id, 0, "abc")).status).toBe(204);
      expect(await (await server.storeOf("alice").get(id)).text()).toBe("abc");
    });
  });

  it("behavior: a document's name that Windows takes for a device is none", async () => {
    const { ask } = await start();
    expect((await ask("PUT", "/documents/con", { "If-None-Match": "*" }, "x")).status).toBe(404);
    expect(await files()).toEqual([]);
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
        expect(() => createArchiveServer({ directory, authenticate: () => undefined, ...limits })).toThrow(
          expect.objectContaining({ code: "OPTIONS_INVALID" }) as Error,
        );
      },
    );
  });

  const authenticate = () => undefined;
  const neverMade = join(tmpdir(), `xmtp-backup-never-made-${process.pid}`);
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
    expect([await modeOf(directory), await modeOf(folder())]).toEqual(["700", "700"]);
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
    const [outside, id, listed] = [join(directory, "..", "outside"), crypto.randomUUID(), crypto.randomUUID()];
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
    const outside = join(directory, "..", "outside");
    await mkdir(outside);
    await mkdir(directory);
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

  describe("names of inboxes", () => {
    const byHeader = { authenticate: (request: Request) => Buffer.from(request.headers.get("x-inbox") ?? "", "base64").toString() };
    const storeFor = (url: string, inbox: string) =>
      httpStore({ url, retries: 0, credentials: () => ({ "X-Inbox": Buffer.from(inbox).toString("base64") }) });
    const names = [
      "alice",
      "Alice",
      "ALICE",
      "CON",
      "con",
      "nul",
      "Nul",
      "com1",
      "lpt9",
      "trailing.",
      "trailing..",
      "trailing",
      "trailing ",
      " ",
      "a:b",
      'a*?"<>|b',
      "é",
      "e\u0301",
      "ſ",
      "s",
      "İ",
      "%41lice",
      "x".repeat(128),
      "X".repeat(128),
      "é".repeat(128),
      "__proto__",
      "-rf",
      "~",
      "$HOME",
      "con.txt",
    ];

    it("behavior: each has a folder of its own, on a disk that knows no case and on Windows too", async () => {
      const { url } = await start(byHeader);
      const id = crypto.randomUUID();
      for (const name of names) await storeFor(url, name).put(id, new Blob([name]));
      for (const name of names) expect(await (await storeFor(url, name).get(id)).text()).toBe(name);
      const folders = await readdir(directory);
      expect(new Set(folders.map((name) => name.toLowerCase().normalize("NFKC"))).size).toBe(names.length);
      for (const name of folders) {
        expect(name).toMatch(/^[a-z0-9_%-]{1,255}$/);
        expect(name).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)$/);
      }
      const restarted = await start(byHeader);
      for (const name of names) expect(await (await storeFor(restarted.url, name).get(id)).text()).toBe(name);
    });

    it("behavior: folders from before are found, and another inbox whose name differs in case alone does not get into them", async () => {
      const id = crypto.randomUUID();
      for (const name of ["Alice", "CON", "bob_B-2"]) {
        await mkdir(join(directory, name), { recursive: true });
        await writeFile(join(directory, name, `${id}.xmtp`), name);
      }
      const { url } = await start(byHeader);
      for (const name of ["Alice", "CON", "bob_B-2"]) expect(await (await storeFor(url, name).get(id)).text()).toBe(name);
      for (const name of ["alice", "ALICE", "con", "bob_b-2"]) {
        await expect(storeFor(url, name).get(id)).rejects.toMatchObject({ code: "ARCHIVE_NOT_FOUND" });
        await storeFor(url, name).put(id, new Blob([name]));
      }
      const folders = await readdir(directory);
      expect(new Set(folders.map((name) => name.toLowerCase())).size).toBe(7);
      const restarted = await start(byHeader);
      for (const name of ["Alice", "CON", "bob_B-2", "alice", "ALICE", "con", "bob_b-2"])
        expect(await (await storeFor(restarted.url, name).get(id)).text()).toBe(name);
    });

    it.each<[string, unknown]>([
      ["one that leads out", "../elsewhere"],
      ["one that leads out on Windows", "..\\elsewhere"],
      ["the folder itself", "."],
      ["the one above", ".."],
      ["none", ""],
      ["a long one", "x".repeat(129)],
      ["a control character", "a\nb"],
      ["a zero", "a\0b"],
      ["half a character", "\ud800"],
      ["a list", ["alice"]],
      ["a number", 5],
      ["an object", { toString: () => "alice" }],
      ["true", true],
    ])("behavior: %s is an error of the server, and makes no folder", async (_title, name) => {
      const { url } = await start({ authenticate: () => name as string });
      expect((await fetch(`${url}/archives`)).status).toBe(500);
      expect(await readdir(directory)).toEqual([]);
    });

    it("behavior: null refuses like undefined", async () => {
      const { url } = await start({ authenticate: () => null as unknown as undefined });
      expect((await fetch(`${url}/archives`)).status).toBe(401);
    });
  });

  describe("clients that send slowly", () => {
    const sockets: Socket[] = [];
    afterEach(() => {
      for (const socket of sockets.splice(0)) socket.destroy();
    });

    /** Begins a request on a connection of its own and sends no more than this; `ended` is what is answered until the end of the connection. */
    function half(url: string, head: string[], body: string) {
      const { hostname, port } = new URL(url);
      const socket = connect(Number(port), hostname);
      sockets.push(socket);
      socket.write([...head, `Host: ${hostname}`, "Authorization: Bearer alice", "", body].join("\r\n"));
      return new Promise<string>((resolve) => {
        let answer = "";
        socket.on("data", (bytes) => (answer += bytes.toString("latin1")));
        socket.on("error", () => undefined);
        socket.on("close", () => resolve(answer));
      });
    }
    const patch = (id: string) => [
      `PATCH /uploads/${id}/${fingerprint} HTTP/1.1`,
      "Tus-Resumable: 1.0.0",
      "Content-Type: application/offset+octet-stream",
      "Upload-Offset: 0",
      "Content-Length: 1000",
    ];

    it.each<[string, (id: string) => string[]]>([
      ["a chunk", patch],
      ["a manifest", (id) => [`PUT /archives/${id}/manifest HTTP/1.1`, "Content-Length: 1000"]],
      ["a document", () => ["PUT /documents/key-ring HTTP/1.1", "If-None-Match: *", "Content-Length: 1000"]],
    ])("parameters: timeoutMs: %s that stops is given up, and nothing is stored of it", async (_title, head) => {
      const server = await start({ timeoutMs: 50 });
      const id = crypto.randomUUID();
      await server.begin(id, 1_000);
      expect(await half(server.url, head(id), "some")).toMatch(/^(HTTP\/1.1 4|$)/);
      const store = server.storeOf("alice");
      expect(await store.getDocument?.("key-ring")).toBeUndefined();
      await expect(store.get(id)).rejects.toMatchObject({ code: "ARCHIVE_NOT_FOUND" });
      await store.remove(id);
      expect(await files()).toEqual([]);
    });

    it("behavior: an upload that is removed while its bytes come in takes no more of them, and leaves nothing", async () => {
      const server = await start({ quotaBytes: 10_000 });
      const id = crypto.randomUUID();
      await server.begin(id, 9_000);
      const hung = half(server.url, patch(id), "x".repeat(500));
      const path = join(folder(), `${id}.${fingerprint}.part`);
      while ((await stat(path)).size < 500) await new Promise((resolve) => setImmediate(resolve));
      const store = server.storeOf("alice");
      await store.remove(id);
      expect(await hung).toMatch(/^HTTP\/1.1 [24]/);
      expect([await files(), await store.usage?.()]).toEqual([[], { usedBytes: 0, totalBytes: 10_000 }]);
    }, 20_000);

    it("behavior: an upload is gone on with on another connection while the first one hangs, with what came of it", async () => {
      const server = await start();
      const id = crypto.randomUUID();
      await server.begin(id, 1_000);
      const hung = half(server.url, patch(id), "x".repeat(500));
      const path = join(folder(), `${id}.${fingerprint}.part`);
      while ((await stat(path)).size < 500) await new Promise((resolve) => setImmediate(resolve));
      const head = await server.ask("HEAD", `/uploads/${id}/${fingerprint}`, tus);
      expect([head.status, head.headers.get("upload-offset")]).toEqual([200, "500"]);
      expect((await server.send(id, 500, "y".repeat(500))).status).toBe(204);
      expect(await (await server.storeOf("alice").get(id)).text()).toBe("x".repeat(500) + "y".repeat(500));
      await hung;
    }, 20_000);
  });
});
