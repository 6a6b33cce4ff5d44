import { nodePrimitives } from "../../packages/node/src/host/nodePrimitives.ts";
import { findBrowser, noBrowser } from "../../test/browser/findBrowser.ts";
import { openPage } from "../../test/browser/openPage.ts";
import { ordinaryArchive } from "../archive/ordinaryArchive.ts";
import type { BenchContext } from "../shared/context.ts";
import { computedFrom } from "../shared/figure.ts";
import { atLeast, notMeasured, type Result } from "../shared/result.ts";
import { nodeOpenWay, nodeUnpackWay } from "./nodeWays.ts";
import { batched, recordByRecord } from "./openWays.ts";
import type * as script from "./page.ts";
import { sealRecords } from "./sealedRecords.ts";
import { unpackWays } from "./unpackWays.ts";
import { compareWays, type Speeds, wayRounds } from "./way.ts";

/** Short texts, whose records take so much with length and tag, and long ones. */
const shapes = [
  { size: "343 B", count: 20_000, contentBytes: 323 },
  { size: "2 kB", count: 4_000, contentBytes: 2_000 },
];
const messages = 20_000;
const archiveHeaderBytes = 14;
/** Below this, something else is clearly faster, whatever the noise. */
const target = 0.8;

const openName = (size: string, engine: string) => `opening records of ${size} in ${engine}: ours ÷ next`;
const unpackName = (engine: string) => `unpacking stored zstd blocks in ${engine}: own decoder ÷ next`;

/**
 * What the archive package opens and unpacks with, beside what it could use instead: a choice is right as long as
 * nothing else is clearly faster. docs/archive-speed.md keeps the figures.
 */
export async function* run({ note }: BenchContext): AsyncGenerator<Result> {
  const frame = (await ordinaryArchive(messages)).subarray(archiveHeaderBytes);
  yield* inNode(frame, note);
  yield* inChromium(frame, note);
}

async function* inNode(frame: Uint8Array, note: (line: string) => void): AsyncGenerator<Result> {
  for (const { size, count, contentBytes } of shapes) {
    const records = await sealRecords(count, contentBytes);
    const portable = { ...batched(records), name: "batched, portable" };
    const ways = [batched(records, nodePrimitives), portable, nodeOpenWay(records), ...(await recordByRecord(records))];
    yield compared(openName(size, "Node"), await compareWays(ways, count * contentBytes), "batched", note);
  }
  const ways = [...(await unpackWays(frame)), nodeUnpackWay(frame)];
  yield compared(unpackName("Node"), await compareWays(ways, frame.length), "own decoder", note);
}

async function* inChromium(frame: Uint8Array, note: (line: string) => void): AsyncGenerator<Result> {
  const browserPath = findBrowser();
  if (browserPath === undefined) {
    for (const { size } of shapes) yield notMeasured(openName(size, "Chromium"), target, "×", noBrowser);
    yield notMeasured(unpackName("Chromium"), target, "×", noBrowser);
    return;
  }
  const page = await openPage<typeof script>({ browserPath, entry: new URL("./page.ts", import.meta.url), files: { "/frame.zst": frame } });
  try {
    note(`Chromium ${page.version}`);
    for (const { size, count, contentBytes } of shapes) {
      yield compared(openName(size, "Chromium"), await page.call("openSpeeds", count, contentBytes), "as a page does", note);
    }
    yield compared(unpackName("Chromium"), await page.call("unpackSpeeds", "/frame.zst"), "own decoder", note);
  } finally {
    await page.close();
  }
}

/** Ours beside the fastest of the others; ways whose name begins with the chosen one's are ours too. */
function compared(name: string, speeds: Speeds, chosen: string, note: (line: string) => void): Result {
  const ours = speeds[chosen] ?? 0;
  note(name);
  for (const [way, speed] of Object.entries(speeds))
    note(`  ${way.padEnd(34)} ${speed.toFixed(0).padStart(6)} MB/s  ${(speed / ours).toFixed(2)} ×`);
  const others = Object.entries(speeds).filter(([way]) => !way.startsWith(chosen));
  return atLeast(name, computedFrom(wayRounds, ours / Math.max(...others.map(([, speed]) => speed))), target, "×");
}
