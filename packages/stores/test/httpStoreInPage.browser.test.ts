import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { archiveStoreContract, storeDocumentsContract } from "@xmtp-backup/testing";
import { afterAll, beforeAll, expect, test, type TestContext } from "vitest";
import { onePage } from "../../../test/browser/onePage.ts";
import { runContractInPage } from "../../../test/browser/runContractInPage.ts";
import { createArchiveServer } from "../src/server/index.ts";
import { listen } from "./loopback.ts";
import type * as script from "./pages/httpStorePage.ts";

const openedPage = onePage<typeof script>(async () => ({ entry: new URL("./pages/httpStorePage.ts", import.meta.url) }));
const origins: string[] = [];
let server: Awaited<ReturnType<typeof listen>> & { directory: string };
let elsewhere: Awaited<ReturnType<typeof listen>> & { heard: string[] };

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), "xmtp-backup-server-"));
  const authenticate = (request: Request) => request.headers.get("authorization")?.replace("Bearer ", "");
  const archives = createArchiveServer({ directory, authenticate, origins });
  const heard: string[] = [];
  elsewhere = {
    heard,
    ...(await listen((request, response) => {
      heard.push(String(request.url));
      response.end();
    })),
  };
  const redirects = { "/near/": "/", "/far/": elsewhere.url };
  server = {
    directory,
    ...(await listen((request, response) => {
      const location = redirects[request.url as keyof typeof redirects];
      if (location === undefined || request.method === "OPTIONS") return archives.listener(request, response);
      response.writeHead(307, { location, "access-control-allow-origin": String(request.headers.origin) }).end();
    })),
  };
});
afterAll(async () => {
  await Promise.all([server.close(), elsewhere.close()]);
  await rm(server.directory, { recursive: true, force: true });
});

/** The page, which is of an origin that the server knows. */
async function pageFor(context: TestContext) {
  const opened = await openedPage(context);
  origins.splice(0, Infinity, new URL(opened.page.url()).origin);
  await opened.call("useServer", server.url);
  return opened;
}

/** The cases are run by the page, which sets them up there. */
const inPage = () => Promise.reject(new Error("This runs in a page only."));

runContractInPage({ contract: "httpStore", cases: archiveStoreContract(inPage), pageFor });
runContractInPage({ contract: "httpStore, its documents", cases: storeDocumentsContract(inPage), pageFor });

test("httpStore in Chromium behavior: an upload of a file goes on after the page was loaded anew", async (context) => {
  const { page, call } = await pageFor(context);
  const [inbox, id] = [crypto.randomUUID(), crypto.randomUUID()];
  const mebibyte = 1024 * 1024;
  expect(await call("uploadHalf", inbox, id)).toEqual({ isReason: true, seen: [mebibyte, 2 * mebibyte, 3 * mebibyte], unfinished: [id] });
  await page.reload();
  await pageFor(context);
  const { seen, isSame, last } = await call("uploadWhole", inbox, id);
  expect(seen[0]).toBeGreaterThan(3 * mebibyte);
  expect([seen.at(-1), last, isSame]).toEqual([5 * mebibyte, 5 * mebibyte, true]);
});

test("httpStore in Chromium behavior: a redirect is refused, and nothing is sent to where it leads", async (context) => {
  const { call } = await pageFor(context);
  const refused = "STORE_UNAVAILABLE: It answered with a redirect, which a page can't follow safely.";
  expect(await Promise.all([call("failureAt", "/near"), call("failureAt", "/far")])).toEqual([refused, refused]);
  expect(elsewhere.heard).toEqual([]);
});

test("httpStore in Chromium behavior: a server that does not know the page's origin can't be used", async (context) => {
  const { call } = await pageFor(context);
  origins.splice(0);
  expect(await call("failureAt", "/")).toBe("STORE_UNAVAILABLE: The connection failed.");
});
