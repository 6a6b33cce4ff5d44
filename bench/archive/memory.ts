import { execFile } from "node:child_process";
import { mkdtemp, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { BenchContext } from "../shared/context.ts";
import { medianOf } from "../shared/figure.ts";
import { atMost, notMeasured, type Result } from "../shared/result.ts";
import { type LargeArchive, writeLargeArchive } from "./largeArchive.ts";
import type { MemoryUse, MemoryWork } from "./memoryChild.ts";

const wholeMessages = 500_000;
const contentBytes = 2_000;
const rounds = 3;
const targetsMB = { validate: 64, merge: 80, split: 80 };
const neededBytes = 3e9;
const works = ["validate", "merge", "split"] as const;
const names = { validate: "validating", merge: "merging", split: "splitting" };
const child = fileURLToPath(new URL("./memoryChild.ts", import.meta.url));

/** What validating, merging and splitting a gigabyte takes of memory beyond what the process had before. */
export async function* run({ note, scaled }: BenchContext): AsyncGenerator<Result> {
  const messages = scaled(wholeMessages / 2) * 2;
  const { bavail, bsize } = await statfs(tmpdir());
  if (bavail * bsize < neededBytes) {
    for (const work of works)
      yield notMeasured(nameOf(work), targetsMB[work], "MB", `${tmpdir()} has less than ${neededBytes / 1e9} GB free`);
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), "xmtp-backup-bench-"));
  const write = async (name: string, shape: Omit<LargeArchive, "contentBytes">): Promise<string> => {
    const path = join(folder, `${name}.xmtp`);
    await writeLargeArchive(path, { ...shape, contentBytes });
    return path;
  };
  try {
    note(`writing 1 GB, and once more as two halves: ${messages.toLocaleString("en")} messages of ${contentBytes} B …`);
    const whole = [await write("whole", { messages })];
    // Every second message is in either half, so that a merge goes to and fro between the two.
    const half = { messages: messages / 2, step: 2 };
    const halves = [await write("even", half), await write("odd", { ...half, first: 1 })];
    for (const work of works) {
      const extraMB: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const use = await measure(work, work === "merge" ? halves : whole);
        if (use.messages !== messages) throw new Error(`${work}: ${use.messages} of ${messages} messages`);
        note(`  ${names[work]}: ${use.seconds.toFixed(1)} s, ${use.extraMB.toFixed(0)} MB`);
        extraMB.push(use.extraMB);
      }
      yield atMost(nameOf(work), medianOf(extraMB), targetsMB[work], "MB");
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

function nameOf(work: MemoryWork): string {
  return `extra memory of ${names[work]} 1 GB`;
}

/** In a process of its own, since memory that was taken once is seldom given back. */
async function measure(work: MemoryWork, paths: string[]): Promise<MemoryUse> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--conditions=@xmtp-backup/source",
    "--expose-gc",
    child,
    work,
    ...paths,
  ]);
  return JSON.parse(stdout) as MemoryUse;
}
