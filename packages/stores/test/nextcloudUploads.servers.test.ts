import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it, type TestContext } from "vitest";
import { type NextcloudOptions, startNextcloud } from "./webdav/nextcloud.ts";
import { davStore, usingApache } from "./webdav/usingApache.ts";

const apache = usingApache();
const size = 12_000_000;
const archive = Uint8Array.from({ length: size }, (_, index) => (index * 31) % 251);
const ends: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const end of ends) await end();
});

/** A Nextcloud over Apache, a store that reaches it, and the chunks that were sent. */
async function nextcloudFor(context: Pick<TestContext, "skip">, options: NextcloudOptions = {}) {
  const server = apache(context);
  const nextcloud = await startNextcloud(server, options);
  ends.push(nextcloud.close);
  for (const folder of ["files", "uploads"]) await davStore(`${server.url}/${folder}`).open();
  const chunks: string[] = [];
  const open = (meddle: (method: string, path: string) => void = () => {}, send: typeof fetch = fetch) =>
    davStore(nextcloud.folder, {
      fetch: async (input, init) => {
        const path = new Request(input).url;
        meddle(init?.method ?? "GET", path);
        if (init?.method === "PUT" && path.includes("/uploads/")) chunks.push(path.replace(/.*\//, ""));
        return send(input, init);
      },
    });
  await open().open();
  return {
    server,
    nextcloud,
    open,
    chunks,
    isWhole: async (id: string) => Buffer.compare(await readFile(join(server.files, "files/Backups", `${id}.xmtp`)), archive) === 0,
  };
}

describe("uploads to a Nextcloud that puts them together slowly", () => {
  it.for<[string, NextcloudOptions]>([
    ["504", { slowAnswer: 504 }],
    ["502", { slowAnswer: 502 }],
    ["503", { slowAnswer: 503 }],
    ["524", { slowAnswer: 524 }],
    ["423", { slowAnswer: 423 }],
    ["a connection that is cut", { slowAnswer: "cut" }],
  ])("behavior: %s: the file is taken once it is there, and sent once", async ([, options], context) => {
    const { nextcloud, open, chunks, isWhole } = await nextcloudFor(context, { busyAnswers: 9, ...options });
    const id = crypto.randomUUID();
    await open().put(id, new Blob([archive]));
    expect(await isWhole(id)).toBe(true);
    expect(chunks).toEqual(["00001", "00002", "00003"]);
    expect(nextcloud.asked.filter((each) => each.startsWith("DELETE"))).toEqual([]);
    expect((await open().unfinished()).filter((each) => each.id === id)).toHaveLength(1);
  });

  it("behavior: a file that is there before anybody says so is taken", async (context) => {
    const { open, chunks, isWhole } = await nextcloudFor(context);
    const id = crypto.randomUUID();
    /** The server does what it is asked for, and the proxy did not wait. */
    const impatient: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      return init?.method === "MOVE" && new Request(input).url.endsWith(".file") ? new Response(null, { status: 504 }) : response;
    };
    await open(undefined, impatient).put(id, new Blob([archive]));
    expect(await isWhole(id)).toBe(true);
    expect(chunks).toHaveLength(3);
  });

  it("behavior: after a kill the same archive is not sent again: neither chunks that wait, nor those that were put together meanwhile", async (context) => {
    const { open, chunks, isWhole } = await nextcloudFor(context, { busyAnswers: 1 });
    const id = crypto.randomUUID();
    const [controller, killed] = [new AbortController(), new Error("Killed.")];
    const dying = open((method, path) => {
      if (method === "PUT" && path.endsWith("/00003")) controller.abort(killed);
      if (method === "DELETE" && controller.signal.aborted) throw killed;
    });
    await expect(dying.put(id, new Blob([archive]), { signal: controller.signal })).rejects.toBe(killed);
    expect(chunks.splice(0)).toEqual(["00001", "00002", "00003"]);

    const [second, later] = [new AbortController(), new Error("Killed again.")];
    const dyingLater = open((method, path) => {
      if (method === "MOVE" && path.endsWith(".file")) second.abort(later);
    });
    await expect(dyingLater.put(id, new Blob([archive]), { signal: second.signal })).rejects.toBe(later);
    expect(chunks.splice(0).filter((name) => name !== "00003")).toEqual([]);

    await open().put(id, new Blob([archive]));
    expect(chunks).toEqual([]);
    expect(await isWhole(id)).toBe(true);
  });

  it("behavior: what was put together for a process that is gone is taken when its bytes are the right ones", async (context) => {
    const { open, chunks, isWhole } = await nextcloudFor(context);
    const id = crypto.randomUUID();
    const [controller, killed] = [new AbortController(), new Error("Killed.")];
    const dying: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (init?.method === "MOVE") controller.abort(killed);
      return response;
    };
    await expect(open(undefined, dying).put(id, new Blob([archive]), { signal: controller.signal })).rejects.toBe(killed);
    chunks.splice(0);
    await open().put(id, new Blob([archive]));
    expect([chunks, await isWhole(id)]).toEqual([[], true]);
  });

  it("behavior: other bytes of the same size are not taken for it", async (context) => {
    const { server, open, chunks, isWhole } = await nextcloudFor(context, { busyAnswers: 2 });
    const id = crypto.randomUUID();
    await davStore(`${server.url}/files/Backups`, { chunkBytes: 2 * size }).open();
    const stale = await fetch(`${server.url}/files/Backups/${id}.xmtp.upload`, {
      method: "PUT",
      headers: { Authorization: `Basic ${btoa("alice:secret")}` },
      body: new Uint8Array(size),
    });
    expect(stale.status).toBe(201);
    await open().put(id, new Blob([archive]));
    expect([chunks.length, await isWhole(id)]).toEqual([3, true]);
  });

  it("behavior: an upload that can't be put together is an error, and begins again", async (context) => {
    const { open, chunks, isWhole } = await nextcloudFor(context);
    const id = crypto.randomUUID();
    const refusing: typeof fetch = async (input, init) =>
      init?.method === "MOVE" ? new Response(null, { status: 507 }) : fetch(input, init);
    await expect(open(undefined, refusing).put(id, new Blob([archive]))).rejects.toMatchObject({ code: "STORE_FULL" });
    chunks.splice(0);
    await open().put(id, new Blob([archive]));
    expect(await isWhole(id)).toBe(true);
  });

  it("behavior: remove takes the chunks of an archive, and no others", async (context) => {
    const { open, nextcloud } = await nextcloudFor(context);
    const [id, other] = [crypto.randomUUID(), crypto.randomUUID()];
    const failing: typeof fetch = async (input, init) =>
      init?.method === "MOVE" ? new Response(null, { status: 500 }) : fetch(input, init);
    for (const each of [id, other])
      await expect(open(undefined, failing).put(each, new Blob([archive]))).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    nextcloud.asked.splice(0);
    await open().remove(id);
    expect(nextcloud.asked).toEqual([expect.stringMatching(new RegExp(`^DELETE xmtp-backup-${id}-`)) as string]);
  });
});
