import { openAsBlob } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodePrimitives } from "../../packages/node/src/host/nodePrimitives.ts";
import { findBrowser, noBrowser } from "../../test/browser/findBrowser.ts";
import { openPage } from "../../test/browser/openPage.ts";
import type { BenchContext } from "../shared/context.ts";
import { type Figure, highestOf, medianOf } from "../shared/figure.ts";
import { atLeast, atMost, beside, notMeasured, type Result } from "../shared/result.ts";
import { ordinaryArchive } from "./ordinaryArchive.ts";
import type * as script from "./speedPage.ts";
import { validationRounds, type ValidationRounds } from "./validationRounds.ts";

/** 17 MB, the usual case, and 69 MB. */
const sizes = [50_000, 200_000] as const;
/** Past 32 MB a browser no longer gets the hash from Web Crypto, which takes all bytes at once: that is shown, not promised. */
const [promisedSize] = sizes;
/** The first ones are slower, while the engine compiles. */
const rounds = 6;
const targets = { node: 100, chromium: 20, chromiumRatio: 0.8 };

type Archives = Map<number, Uint8Array>;

/** How fast archives as the SDK writes them are validated. */
export async function* run({ note, scaled }: BenchContext): AsyncGenerator<Result> {
  note("making archives of short messages …");
  const archives: Archives = new Map();
  for (const messages of sizes) archives.set(scaled(messages), await ordinaryArchive(scaled(messages)));
  yield* inNode(archives);
  yield* inChromium(archives, scaled(promisedSize), note);
}

function nameOf(messages: number, engine: string): string {
  return `validation of ${messages.toLocaleString("en")} records of 343 B in ${engine}`;
}

/** The best round: other work on the machine only ever slows one down. */
function speedOf(bytes: number, { validation }: ValidationRounds): Figure {
  return highestOf(validation.map((seconds) => bytes / 1e6 / seconds));
}

function ratioOf({ validation, subtle }: ValidationRounds): Figure {
  return medianOf(validation.map((seconds, round) => seconds / (subtle[round] ?? Number.NaN)));
}

async function* inNode(archives: Archives): AsyncGenerator<Result> {
  const folder = await mkdtemp(join(tmpdir(), "xmtp-backup-bench-"));
  try {
    for (const [messages, bytes] of archives) {
      const path = join(folder, `${messages}.xmtp`);
      await writeFile(path, bytes);
      const measured = await validationRounds(await openAsBlob(path), messages, nodePrimitives, rounds);
      yield atLeast(nameOf(messages, "Node"), speedOf(bytes.length, measured), targets.node, "MB/s");
      yield beside(`${nameOf(messages, "Node")} ÷ crypto.subtle record by record`, ratioOf(measured), "×");
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function* inChromium(archives: Archives, promised: number, note: (line: string) => void): AsyncGenerator<Result> {
  const name = (messages: number) => nameOf(messages, "Chromium");
  const browserPath = findBrowser();
  if (browserPath === undefined) {
    yield notMeasured(name(promised), targets.chromium, "MB/s", noBrowser);
    return;
  }
  const files = Object.fromEntries([...archives].map(([messages, bytes]) => [`/${messages}.xmtp`, bytes]));
  const page = await openPage<typeof script>({ browserPath, entry: new URL("./speedPage.ts", import.meta.url), files });
  try {
    note(`Chromium ${page.version}`);
    for (const [messages, { length }] of archives) {
      const measured = await page.call("validation", `/${messages}.xmtp`, messages, rounds);
      const ratioName = `${name(messages)} ÷ crypto.subtle record by record`;
      if (messages === promised) {
        yield atLeast(name(messages), speedOf(length, measured), targets.chromium, "MB/s");
        yield atMost(ratioName, ratioOf(measured), targets.chromiumRatio, "×");
      } else {
        yield beside(name(messages), speedOf(length, measured), "MB/s");
        yield beside(ratioName, ratioOf(measured), "×");
      }
    }
  } finally {
    await page.close();
  }
}
