import { afterAll, beforeAll, type TestContext } from "vitest";
import { webdavStore, type WebdavStoreOptions } from "../../src/webdav/index.ts";
import { type ApacheOptions, hasApache, noApache, startApache } from "./apache.ts";

export type Apache = Awaited<ReturnType<typeof startApache>>;

/** An Apache for the tests of a file; each asks for it, and is skipped where there is none. */
export function usingApache(options: ApacheOptions = {}): (context: Pick<TestContext, "skip">) => Apache {
  let server: Apache | undefined;
  beforeAll(async () => {
    if (hasApache()) server = await startApache(options);
    else if (process.env["CI"] === "true") throw new Error(noApache);
  });
  afterAll(() => server?.dispose());
  return (context) => server ?? context.skip(noApache);
}

export const alice = () => ({ Authorization: `Basic ${btoa("alice:secret")}` });

/** A store that gives up soon. */
export function davStore(url: string, options: Partial<WebdavStoreOptions> = {}) {
  return webdavStore({ url, retries: 2, retryDelayMs: 1, chunkBytes: 256 * 1024, credentials: alice, ...options });
}

/** Asks as a page does: it takes packed answers, and can't say that it does not. */
export const asPage: typeof fetch = (input, init) => {
  const headers = new Headers(init?.headers);
  if (!headers.has("range")) headers.set("Accept-Encoding", "gzip, deflate, br");
  return fetch(input, { ...init, headers });
};
