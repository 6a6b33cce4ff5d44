import { archiveStoreContract, storeDocumentsContract } from "@xmtp-backup/testing";
import { afterAll, beforeAll, type TestContext } from "vitest";
import { onePage } from "../../../test/browser/onePage.ts";
import { runContractInPage } from "../../../test/browser/runContractInPage.ts";
import { startDriveServer } from "./drive/driveServer.ts";
import { meddlingProxy } from "./faults/meddlingProxy.ts";
import type * as script from "./pages/placesPage.ts";
import { startS3Server } from "./s3/s3Server.ts";
import { hasApache, noApache, packing, startApache } from "./webdav/apache.ts";

const openedPage = onePage<typeof script>(async () => ({ entry: new URL("./pages/placesPage.ts", import.meta.url) }));
const urls: Record<string, string> = {};
const ends: (() => Promise<void>)[] = [];

/** What the docs ask of a place whose archives a page reads and writes. */
const cors = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET, HEAD, PUT, POST, PATCH, DELETE, PROPFIND, MKCOL, MOVE",
  "access-control-allow-headers": "*, Authorization",
  "access-control-expose-headers": "Content-Range, Date, ETag, Location, Range, Retry-After, x-amz-meta-upload",
};

async function letPagesIn(name: string, url: string, dispose: () => Promise<void>): Promise<void> {
  const { origin, pathname } = new URL(url);
  const proxy = await meddlingProxy(origin, ({ request, response }) => {
    for (const [header, value] of Object.entries(cors)) response.setHeader(header, value);
    if (request.method !== "OPTIONS") return false;
    response.writeHead(204).end();
    return true;
  });
  urls[name] = proxy.url + pathname.replace(/\/$/, "");
  ends.push(proxy.close, dispose);
}

beforeAll(async () => {
  const [s3, drive] = await Promise.all([startS3Server(), startDriveServer()]);
  await letPagesIn("s3", s3.url, s3.dispose);
  await letPagesIn("drive", drive.url, drive.close);
  if (hasApache()) {
    for (const [name, options] of [
      ["webdav", {}],
      ["packed", packing.gzip],
    ] as const) {
      const apache = await startApache(options);
      await letPagesIn(name, apache.url, apache.dispose);
    }
  } else if (process.env["CI"] === "true") throw new Error(noApache);
});
afterAll(async () => {
  for (const end of ends) await end();
});

const pageWith = (server: string) => async (context: TestContext) => {
  if (urls[server] === undefined) context.skip(noApache);
  const opened = await openedPage(context);
  await opened.call("useServers", urls);
  return opened;
};

/** The cases are run by the page, which sets them up there. */
const inPage = () => Promise.reject(new Error("This runs in a page only."));

for (const [contract, server, traits] of [
  ["s3Store", "s3", { usage: false }],
  ["googleDriveStore", "drive", {}],
  ["webdavStore", "webdav", { usage: false }],
  ["webdavStore, packed", "packed", { usage: false }],
] as const) {
  runContractInPage({
    contract,
    cases: archiveStoreContract(inPage, traits).filter(({ name }) => !name.includes("many archives")),
    pageFor: pageWith(server),
  });
  runContractInPage({ contract: `${contract}'s documents`, cases: storeDocumentsContract(inPage), pageFor: pageWith(server) });
}
