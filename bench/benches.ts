import type { Bench } from "./shared/context.ts";

type BenchEntry = {
  /** What it measures, for its heading. */
  about: string;
  /** Left out of a quick run. @default false */
  isLong?: boolean;
};

/** Each is a folder, whose `cases.ts` exports it as `run`. Those of pages have types of their own. */
export async function loadBench(name: string): Promise<Bench> {
  return ((await import(`./${name}/cases.ts`)) as { run: Bench }).run;
}

/** Every bench by its name, in the order in which `all` runs them. */
export const benches: Readonly<Record<string, BenchEntry>> = {
  backups: { about: "Backups and restores, beside the SDK's own part" },
  large: { about: "300,000 messages", isLong: true },
  pauses: { about: "Pauses of the event loop on Node" },
  archive: { about: "Speed and memory of reading archives" },
  browser: { about: "The main thread of a page" },
  activation: { about: "Tracking of restored conversations" },
  policy: { about: "One look of the policy" },
  libraries: { about: "Libraries, compared" },
  upstream: { about: "Queries of the SDK, and what they could be" },
};
