import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { webdavStore, type WebdavStoreOptions } from "../src/webdav/index.ts";
import { hasApache, noApache, startApache } from "./webdav/apache.ts";

let server: Awaited<ReturnType<typeof startApache>> | undefined;
beforeAll(async () => {
  if (hasApache()) server = await startApache();
  else if (process.env["CI"] === "true") throw new Error(noApache);
});
afterAll(() => server?.dispose());

function apacheOrSkip(context: Pick<TestContext, "skip">): string {
  return server ? server.url : context.skip(noApache);
}

const bytes = new Uint8Array(900_000).map((_, index) => 1 + (index % 251));
const rangeOf = (init: RequestInit | undefined) => new Headers(init?.headers).get("content-range");

/** Two devices at one place; `before` is called before each part of a file that the first one sends. */
async function devices(url: string, before: (range: string) => Response | Promise<void>) {
  const options: WebdavStoreOptions = {
    url: `${url}/${crypto.randomUUID()}`,
    retries: 0,
    chunkBytes: 256 * 1024,
    credentials: () => ({ Authorization: `Basic ${btoa("alice:secret")}` }),
  };
  const watched: typeof fetch = async (input, init = {}) => {
    const range = rangeOf(init);
    return (range === null ? undefined : await before(range)) ?? fetch(input, init);
  };
  const [one, other] = [webdavStore({ ...options, fetch: watched }), webdavStore(options)];
  await other.open();
  return { one, other };
}

describe("an upload to WebDAV that another device removed", () => {
  for (const [name, start] of [
    ["second", 262_144],
    ["last", 786_432],
  ] as const)
    it(`behavior: before its ${name} part begins again, and has no hole in it`, async (context) => {
      const url = apacheOrSkip(context);
      const id = crypto.randomUUID();
      let isRemoved = false;
      const { one, other } = await devices(url, async (range) => {
        if (isRemoved || !range.startsWith(`bytes ${start}-`)) return;
        isRemoved = true;
        await other.remove(id);
      });
      const progress: number[] = [];
      await one.put(id, new Blob([bytes]), { onProgress: (doneBytes) => progress.push(doneBytes) });
      expect(isRemoved).toBe(true);
      expect(Buffer.from(await (await other.get(id)).arrayBuffer()).equals(bytes)).toBe(true);
      expect(progress).toEqual([...progress].sort((left, right) => left - right));
    });

  it("behavior: again and again is given up, and can be tried later", async (context) => {
    const id = crypto.randomUUID();
    const { one, other } = await devices(apacheOrSkip(context), () => other.remove(id));
    await expect(one.put(id, new Blob([bytes]))).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", retryable: true });
  });

  it("behavior: a server that holds no condition gets the file whole", async (context) => {
    const id = crypto.randomUUID();
    const { one, other } = await devices(apacheOrSkip(context), () => new Response(null, { status: 412 }));
    await one.put(id, new Blob([bytes]));
    expect(Buffer.from(await (await other.get(id)).arrayBuffer()).equals(bytes)).toBe(true);
  });
});
