import { openAsBlob } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { validateArchive } from "@xmtp-backup/archive";
import { nodePrimitives } from "../../packages/node/src/host/nodePrimitives.ts";
import { findBrowser, noBrowser } from "../../test/browser/findBrowser.ts";
import { openPage } from "../../test/browser/openPage.ts";
import { atLeast, notMeasured, type Result } from "../result.ts";
import { benchKey } from "./benchKey.ts";
import { bestSpeed } from "./bestSpeed.ts";
import { ordinaryArchive } from "./ordinaryArchive.ts";
import type * as script from "./speedPage.ts";

/** 17 MB, the usual case, and 69 MB. */
const sizes = [50_000, 200_000];
/** Past 32 MB a browser no longer gets the hash from Web Crypto, which takes all bytes at once: that is shown, not promised. */
const promisedSize = 50_000;
/** The first ones are slower, while the engine compiles. */
const rounds = 6;
const targets = { node: 100, chromium: 20 };

/** How fast archives as the SDK writes them are validated. */
export async function* run(note: (line: string) => void): AsyncGenerator<Result> {
  note("making archives of short messages …");
  const archives = new Map<number, Uint8Array>();
  for (const messages of sizes) archives.set(messages, await ordinaryArchive(messages));
  for (const [messages, bytes] of archives) yield atLeast(nameOf(messages, "Node"), await speedInNode(bytes), targets.node, "MB/s");
  yield* speedInChromium(archives, note);
}

function nameOf(messages: number, engine: string): string {
  return `validation of ${messages.toLocaleString("en")} records of 343 B in ${engine}`;
}

async function speedInNode(bytes: Uint8Array): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "xmtp-backup-bench-"));
  try {
    const path = join(folder, "ordinary.xmtp");
    await writeFile(path, bytes);
    const archive = await openAsBlob(path);
    return await bestSpeed(archive.size, rounds, () => validateArchive(archive, benchKey, { primitives: nodePrimitives }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function* speedInChromium(archives: Map<number, Uint8Array>, note: (line: string) => void): AsyncGenerator<Result> {
  const browserPath = findBrowser();
  if (browserPath === undefined) {
    yield notMeasured(nameOf(promisedSize, "Chromium"), targets.chromium, "MB/s", noBrowser);
    return;
  }
  const files = Object.fromEntries([...archives].map(([messages, bytes]) => [`/${messages}.xmtp`, bytes]));
  const page = await openPage<typeof script>({ browserPath, entry: new URL("./speedPage.ts", import.meta.url), files });
  try {
    note(`Chromium ${page.version}`);
    for (const messages of sizes) {
      const speed = await page.call("validationSpeed", `/${messages}.xmtp`, rounds);
      if (messages === promisedSize) yield atLeast(nameOf(messages, "Chromium"), speed, targets.chromium, "MB/s");
      else note(`  ${nameOf(messages, "Chromium")}: ${speed.toFixed(1)} MB/s`);
    }
  } finally {
    await page.close();
  }
}
