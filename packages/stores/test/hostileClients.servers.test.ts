import { readdir, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { httpStore } from "../src/http/index.ts";
import { inboxes, startArchiveServer } from "./archiveServer.ts";

const fingerprint = "0".repeat(64);

describe("createArchiveServer, asked by anybody", () => {
  let server: Awaited<ReturnType<typeof startArchiveServer>>;
  beforeEach(async () => {
    server = await startArchiveServer({ quotaBytes: 10_000, maxArchiveBytes: 5_000 });
  });
  afterEach(() => server.dispose());

  const ask = (method: string, path: string, headers: Record<string, string> = {}, body?: string, token = "alice") =>
    fetch(`${server.url}${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, ...headers },
      ...(body !== undefined && { body }),
    });
  const statusOf = async (...request: Parameters<typeof ask>) => (await ask(...request)).status;

  const create = (metadata: Record<string, string>, headers: Record<string, string>) => {
    const pairs = Object.entries(metadata).map(([name, value]) => `${name} ${Buffer.from(value).toString("base64")}`);
    return ask("POST", "/uploads", { "Tus-Resumable": "1.0.0", "Upload-Metadata": pairs.join(","), ...headers });
  };
  const send = (path: string, offset: number, body: string, token = "alice") =>
    statusOf(
      "PATCH",
      path,
      { "Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) },
      body,
      token,
    );

  const storeOf = (token: string) => httpStore({ url: server.url, retries: 0, credentials: () => ({ Authorization: `Bearer ${token}` }) });
  const filesOf = (inbox: keyof typeof inboxes) => readdir(join(server.directory, inboxes[inbox])).catch(() => []);

  it("behavior: what names no archive begins no upload, and leaves no file", async () => {
    const id = crypto.randomUUID();
    for (const archive of ["../bob", `${inboxes.bob}/${id}`, `${id}/..`, "", id.toUpperCase()]) {
      expect((await create({ archive, fingerprint }, { "Upload-Length": "3" })).status).toBe(400);
    }
    for (const forged of ["", "../../x", `${fingerprint}/..`]) {
      expect((await create({ archive: id, fingerprint: forged }, { "Upload-Length": "3" })).status).toBe(400);
    }
    expect(
      await ask("POST", "/uploads", { "Tus-Resumable": "1.0.0", "Upload-Length": "3", "Upload-Metadata": "archive !!!" }),
    ).toMatchObject({ status: 400 });
    expect([await filesOf("alice"), await filesOf("bob")]).toEqual([[], []]);
  });

  it("behavior: an upload says its length first, keeps to it, and to what an archive may have", async () => {
    const id = crypto.randomUUID();
    expect((await create({ archive: id, fingerprint }, {})).status).toBe(400);
    expect((await create({ archive: id, fingerprint }, { "Upload-Defer-Length": "1" })).status).toBe(411);
    expect((await create({ archive: id, fingerprint }, { "Upload-Length": "-1" })).status).toBe(400);
    expect((await create({ archive: id, fingerprint }, { "Upload-Length": "5001" })).status).toBe(413);
    const created = await create({ archive: id, fingerprint }, { "Upload-Length": "3" });
    expect(created.status).toBe(201);
    expect(created.headers.get("location")).toBe(`uploads/${id}/${fingerprint}`);
    expect(await send(`/uploads/${id}/${fingerprint}`, 0, "four")).toBe(413);
    expect(await send(`/uploads/${id}/${fingerprint}`, 2, "x")).toBe(409);
    expect(await statusOf("GET", `/archives/${id}`)).toBe(404);
    await expect(storeOf("alice").putManifest(id, new Uint8Array([1]))).rejects.toMatchObject({ code: "STORE_FAILED" });
  });

  it("behavior: an upload of another inbox is not there", async () => {
    const id = crypto.randomUUID();
    await create({ archive: id, fingerprint }, { "Upload-Length": "3" });
    const path = `/uploads/${id}/${fingerprint}`;
    expect(await statusOf("HEAD", path, { "Tus-Resumable": "1.0.0" }, undefined, "bob")).toBe(404);
    expect(await send(path, 0, "abc", "bob")).toBe(404);
    expect(await statusOf("DELETE", `/archives/${id}`, {}, undefined, "bob")).toBe(204);
    expect(await send(path, 0, "abc")).toBe(204);
    expect(await (await ask("GET", `/archives/${id}`)).text()).toBe("abc");
  });

  it("behavior: no path leads out of an inbox", async () => {
    await writeFile(join(server.directory, "secret.json"), "secret");
    for (const path of [
      "/documents/../secret",
      "/documents/..%2fsecret",
      "/documents/%2e%2e%2fsecret",
      "/archives/..%2f..%2fetc%2fpasswd",
      "/documents/a%00b",
      "//etc/passwd",
    ]) {
      const answer = await rawStatus(server.url, `GET ${path} HTTP/1.1`);
      expect(answer, path).toMatch(/^HTTP\/1.1 (400|404) /);
    }
  });

  it("behavior: a method that a place does not know is refused", async () => {
    const id = crypto.randomUUID();
    for (const [method, path] of [
      ["POST", `/archives/${id}`],
      ["PUT", `/archives/${id}`],
      ["GET", `/archives/${id}/manifest`],
      ["DELETE", "/documents/key-ring"],
      ["POST", "/documents/key-ring"],
    ] as const) {
      expect(await statusOf(method, path), `${method} ${path}`).toBe(405);
    }
    for (const [method, path] of [
      ["DELETE", "/archives"],
      ["DELETE", `/uploads/${id}/${fingerprint}`],
      ["GET", `/uploads/${id}/${fingerprint}`],
      ["PUT", "/"],
      ["GET", "/archives/x"],
      ["GET", `/archives/${id}/manifest/x`],
    ] as const) {
      expect([404, 405], `${method} ${path}`).toContain(await statusOf(method, path));
    }
    expect(await statusOf("POST", "/uploads", { "X-HTTP-Method-Override": "DELETE" })).toBe(412);
  });

  it("behavior: a document is replaced on condition only, and has a bounded size", async () => {
    expect(await statusOf("PUT", "/documents/key-ring", {}, "x")).toBe(428);
    expect(await statusOf("PUT", "/documents/key-ring", { "If-Match": "*" }, "x")).toBe(412);
    expect(await statusOf("PUT", "/documents/key-ring", { "If-None-Match": "*" }, "x".repeat(1024 * 1024 + 1))).toBe(413);
    expect(await filesOf("alice")).toEqual([]);
  });

  it("parameters: quotaBytes: counts uploads under way, manifests and documents, and what was there at the start", async () => {
    const store = storeOf("alice");
    const [kept, begun] = [crypto.randomUUID(), crypto.randomUUID()];
    await store.put(kept, new Blob(["x".repeat(2_000)]));
    await store.putManifest(kept, new Uint8Array(300));
    await store.putManifest(kept, new Uint8Array(100));
    await store.putDocument?.("key-ring", new Uint8Array(400), { replaces: undefined });
    await create({ archive: begun, fingerprint }, { "Upload-Length": "3000" });
    // The manifest and the upload's note are small: they count as the least that a file counts.
    expect(await store.usage?.()).toEqual({ usedBytes: 2_000 + 256 + 400 + 3_000 + 256, totalBytes: 10_000 });
    await send(`/uploads/${begun}/${fingerprint}`, 0, "x".repeat(1_000));
    const again = await startArchiveServer({ quotaBytes: 10_000, directory: server.directory });
    try {
      const restarted = httpStore({ url: again.url, retries: 0, credentials: () => ({ Authorization: "Bearer alice" }) });
      expect(await restarted.usage?.()).toEqual({ usedBytes: 5_912, totalBytes: 10_000 });
    } finally {
      await again.dispose();
    }
    await expect(store.putDocument?.("other", new Uint8Array(4_600), { replaces: undefined })).rejects.toMatchObject({
      code: "STORE_FULL",
    });
    await expect(store.putManifest(kept, new Uint8Array(4_700))).rejects.toMatchObject({ code: "STORE_FULL" });
    for (const id of [kept, begun]) await store.remove(id);
    expect(await store.usage?.()).toEqual({ usedBytes: 400, totalBytes: 10_000 });
  });

  it("parameters: quotaBytes: of uploads that begin at once, no more are let in than fit", async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => create({ archive: crypto.randomUUID(), fingerprint }, { "Upload-Length": "3000" })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 507, 507, 507]);
  });

  it("parameters: path: answers below it, and nowhere else", async () => {
    const below = await startArchiveServer({ path: "/api/xmtp" });
    try {
      const store = httpStore({ url: `${below.url}/api/xmtp`, retries: 0, credentials: () => ({ Authorization: "Bearer alice" }) });
      await store.open();
      const id = crypto.randomUUID();
      await store.put(id, new Blob(["hers"]));
      expect(await (await store.get(id)).text()).toBe("hers");
      for (const path of ["/", "/archives", "/api/xmtpx", "/uploads"]) {
        expect((await fetch(below.url + path, { headers: { Authorization: "Bearer alice" } })).status, path).toBe(404);
      }
    } finally {
      await below.dispose();
    }
  });

  it("parameters: authenticate: a name that is no folder's is an error of the server, not a place", async () => {
    const careless = await startArchiveServer({ authenticate: () => "../elsewhere" });
    try {
      expect((await fetch(`${careless.url}/archives`)).status).toBe(500);
    } finally {
      await careless.dispose();
    }
  });
});

/** The first line of the answer to a request whose path no client has tidied. */
function rawStatus(url: string, line: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.once("data", (bytes) => {
      resolve(bytes.toString("latin1").split("\r\n")[0] ?? "");
      socket.destroy();
    });
    socket.once("error", reject);
    socket.write(`${line}\r\nHost: ${hostname}\r\nAuthorization: Bearer alice\r\nConnection: close\r\n\r\n`);
  });
}
