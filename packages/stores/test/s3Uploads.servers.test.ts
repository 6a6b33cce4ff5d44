import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { s3Store, type S3StoreOptions } from "../src/s3/index.ts";
import { type Front, isWrite, knowingUploads, refusing, s3Error, type Seen } from "./s3/fronts.ts";
import { accessKey, startS3Server } from "./s3/s3Server.ts";

let server: Awaited<ReturnType<typeof startS3Server>>;
beforeAll(async () => {
  server = await startS3Server();
});
afterAll(() => server.dispose());

const bytes = new Uint8Array(900_000).map((_, index) => index % 251);
const archive = new Blob([bytes]);

/** Two devices at one place, by one front. */
function devices(before: (seen: Seen) => Promise<void> | void) {
  const options: S3StoreOptions = {
    url: server.url,
    retries: 0,
    partBytes: 256 * 1024,
    credentials: accessKey,
    prefix: `inboxes/${crypto.randomUUID()}/`,
  };
  const front = knowingUploads(before);
  return { one: s3Store({ ...options, fetch: front }), other: s3Store({ ...options, fetch: front }), plain: s3Store(options) };
}

const isCompleting = ({ method, query }: Seen) => method === "POST" && query.has("uploadId");
const isPart = (number: string) => (seen: Seen) => isWrite(seen) && seen.query.get("partNumber") === number;

describe("an upload in parts that was ended by somebody else", () => {
  it.each([
    ["between two parts", isPart("3")],
    ["before its first part", isPart("1")],
    ["before its parts are put together", isCompleting],
  ])("behavior: %s begins again, and is whole", async (_name, isMoment) => {
    const id = crypto.randomUUID();
    let isEnded = false;
    const { one, other, plain } = devices(async (seen) => {
      if (isEnded || !isMoment(seen)) return;
      isEnded = true;
      await other.remove(id);
    });
    const progress: number[] = [];
    await one.put(id, archive, { onProgress: (doneBytes) => progress.push(doneBytes) });
    expect(isEnded).toBe(true);
    expect(Buffer.from(await (await plain.get(id)).arrayBuffer()).equals(bytes)).toBe(true);
    expect(progress).toEqual([...new Set(progress)].sort((left, right) => left - right));
    expect(progress.at(-1)).toBe(bytes.length);
    await one.remove(id);
    expect(await one.unfinished()).toEqual([]);
  });

  it("behavior: is whole where only the answer of its end was lost", async () => {
    const id = crypto.randomUUID();
    const { plain, one } = devices(() => {});
    let isLost = false;
    const losing: Front = async (input, init) => {
      const url = new URL(new Request(input).url);
      const response = await fetch(input, init);
      if (isLost || init?.method !== "POST" || !url.searchParams.has("uploadId")) return response;
      isLost = true;
      return s3Error(404, "NoSuchUpload");
    };
    const store = s3Store({ url: server.url, retries: 0, partBytes: 256 * 1024, credentials: accessKey, prefix: "lost/", fetch: losing });
    await store.put(id, archive);
    expect((await store.get(id)).size).toBe(bytes.length);
    expect([await one.unfinished(), await plain.unfinished()]).toEqual([[], []]);
    expect(isLost).toBe(true);
  });

  it("behavior: again and again is given up, and can be tried later", async () => {
    let begun = 0;
    const ending = refusing((seen) => {
      if (seen.method === "POST" && seen.query.has("uploads")) begun += 1;
      return seen.query.has("uploadId") ? s3Error(404, "NoSuchUpload") : undefined;
    });
    const store = s3Store({ url: server.url, retries: 0, partBytes: 256 * 1024, credentials: accessKey, fetch: ending });
    await expect(store.put(crypto.randomUUID(), archive)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", retryable: true });
    expect(begun).toBe(4);
  });
});
