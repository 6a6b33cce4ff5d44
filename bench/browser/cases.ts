import { startLocalNetwork } from "@xmtp-backup/local-network";
import { generatePrivateKey } from "viem/accounts";
import { browserSdkFiles } from "../../test/browser/browserSdkFiles.ts";
import { findBrowser, noBrowser } from "../../test/browser/findBrowser.ts";
import { type BrowserPage, openPage } from "../../test/browser/openPage.ts";
import { ordinaryArchive } from "../archive/ordinaryArchive.ts";
import type { BenchBasics } from "../shared/benchBasics.ts";
import { highestOf, medianOf } from "../shared/figure.ts";
import { atMost, beside, notMeasured, type Result } from "../shared/result.ts";
import { type LongestTask, longestTaskOf } from "./longestTask.ts";
import type * as script from "./page.ts";

const messages = 5_000;
/** The first round is the slowest, while the engine compiles, and the one that people meet. */
const rounds = 5;
/** What holds a page for longer is felt. */
const targetMs = 50;
/** On a machine that much slower, the plugin leaves room for the app's own work. */
const slowTargetMs = 30;
/** About how much slower a phone is. */
const slowdown = 4;

const longestTask = `longest task: ${messages.toLocaleString("en")} messages`;

/** How long the plugin holds the main thread of a page in a real Chromium. */
export async function* run({ note }: BenchBasics): AsyncGenerator<Result> {
  const browserPath = findBrowser();
  if (browserPath === undefined) {
    yield notMeasured(`${longestTask} validated`, targetMs, "ms", noBrowser);
    return;
  }
  const network = await startLocalNetwork();
  const files = { ...(await browserSdkFiles()), "/ordinary.xmtp": await ordinaryArchive(messages) };
  const page = await openPage<typeof script>({ browserPath, entry: new URL("./page.ts", import.meta.url), files });
  try {
    note(`Chromium ${page.version}`);
    await page.call("open", network.url, generatePrivateKey(), "/ordinary.xmtp");
    yield* measure(page, note);
  } finally {
    await page.close();
    await network.close();
  }
}

async function* measure({ page, call }: BrowserPage<typeof script>, note: (line: string) => void): AsyncGenerator<Result> {
  /** The longest of each round. */
  async function longest(name: "validate" | "inspect" | "restore" | "backUp", times = rounds): Promise<number[]> {
    const tasks: LongestTask[] = [];
    for (let round = 0; round < times; round += 1) {
      tasks.push(
        await longestTaskOf(page, async () => {
          if ((await call(name)) !== messages) throw new Error(`Not all messages came through: ${name}.`);
        }),
      );
    }
    note(`  ${name}: ${tasks.map(({ cpuMs, wallMs }) => `${cpuMs.toFixed(0)} ms of CPU in at most ${wallMs.toFixed(0)} ms`).join(", ")}`);
    return tasks.map(({ cpuMs }) => cpuMs);
  }

  yield atMost(`${longestTask} validated`, highestOf(await longest("validate")), targetMs, "ms");
  yield atMost(`${longestTask} inspected`, highestOf(await longest("inspect")), targetMs, "ms");
  yield beside(`${longestTask} restored`, highestOf(await longest("restore", 1)), "ms");
  yield beside(`${longestTask} backed up`, highestOf(await longest("backUp", 3)), "ms");
  // The middle round: what the browser does to be slow overshoots now and then, the more the busier the machine is.
  const devTools = await page.context().newCDPSession(page);
  await devTools.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  yield atMost(`${longestTask} validated, ${slowdown} times slower`, medianOf(await longest("validate")), slowTargetMs, "ms");
  yield atMost(`${longestTask} inspected, ${slowdown} times slower`, medianOf(await longest("inspect")), slowTargetMs, "ms");
  yield atMost(`${longestTask} backed up, ${slowdown} times slower`, medianOf(await longest("backUp")), slowTargetMs, "ms");
}
