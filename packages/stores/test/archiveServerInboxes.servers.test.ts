import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { httpStore } from "../src/http/index.ts";
import { fingerprint, tus, serverFolder } from "./serverFolder.ts";

describe("createArchiveServer, its files", () => {
  const { start, folder, files, directory } = serverFolder();

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
      const folders = await readdir(directory());
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
        await mkdir(join(directory(), name), { recursive: true });
        await writeFile(join(directory(), name, `${id}.xmtp`), name);
      }
      const { url } = await start(byHeader);
      for (const name of ["Alice", "CON", "bob_B-2"]) expect(await (await storeFor(url, name).get(id)).text()).toBe(name);
      for (const name of ["alice", "ALICE", "con", "bob_b-2"]) {
        await expect(storeFor(url, name).get(id)).rejects.toMatchObject({ code: "ARCHIVE_NOT_FOUND" });
        await storeFor(url, name).put(id, new Blob([name]));
      }
      const folders = await readdir(directory());
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
      expect(await readdir(directory())).toEqual([]);
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
