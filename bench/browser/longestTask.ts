import type { Page } from "playwright-core";

/** The longest task of a page's main thread while some work ran, in milliseconds. */
export type LongestTask = {
  /** What it computed. */
  cpuMs: number;
  /** How long it lasted, which says as much of what else the machine had to do. */
  wallMs: number;
};

/** An event of a trace (Trace Event Format); times in microseconds. */
type TraceEvent = { ph: string; name: string; pid: number; tid: number; dur?: number; tdur?: number; args: { name?: string } };

/** Traces the browser while the work runs: its long-task reports begin at 50 ms only, and would not say how much is left. */
export async function longestTaskOf(page: Page, work: () => Promise<unknown>): Promise<LongestTask> {
  const browser = page.context().browser();
  if (!browser) throw new Error("The page is of no browser that can be traced.");
  await browser.startTracing(page, { categories: ["toplevel"] });
  let trace: Buffer;
  try {
    await work();
  } finally {
    trace = await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid}/${tid}`;
  const mainThreads = new Set(
    traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(threadOf),
  );
  const tasks = traceEvents.filter((event) => event.ph === "X" && event.name.endsWith("RunTask") && mainThreads.has(threadOf(event)));
  if (tasks.length === 0) throw new Error("The trace has no task of the main thread.");
  const longest = (pick: (task: TraceEvent) => number | undefined) =>
    tasks.reduce((most, task) => Math.max(most, pick(task) ?? 0), 0) / 1_000;
  return { cpuMs: longest(({ tdur, dur }) => tdur ?? dur), wallMs: longest(({ dur }) => dur) };
}
