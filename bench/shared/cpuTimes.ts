import { readdirSync, readFileSync } from "node:fs";

/** Times of all cores since the machine started, in the system's ticks. */
export type CpuTimes = {
  total: number;
  busy: number;
  /** Of `busy`: this process and all that it started. */
  own: number;
  /** What a virtual machine's neighbours took. */
  stolen: number;
};

/** Undefined where the system has no such files (Linux has them). */
export function readCpuTimes(): CpuTimes | undefined {
  try {
    const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, interrupts = 0, soft = 0, stolen = 0] = readFileSync("/proc/stat", "utf8")
      .split("\n", 1)[0]!
      .split(/\s+/u)
      .slice(1)
      .map(Number);
    const busy = user + nice + system + interrupts + soft;
    return { total: busy + idle + waiting + stolen, busy, own: ownTicks(), stolen };
  } catch {
    return undefined;
  }
}

type Process = { pid: number; parent: number; ticks: number };

function ownTicks(): number {
  const all = processes();
  const family = all.filter(({ pid }) => pid === process.pid);
  for (const { pid: parentPid } of family) family.push(...all.filter(({ parent }) => parent === parentPid));
  return family.reduce((sum, { ticks }) => sum + ticks, 0);
}

function processes(): Process[] {
  return readdirSync("/proc").flatMap((name) => (/^\d+$/u.test(name) ? (processOf(Number(name)) ?? []) : []));
}

/** With the ticks of ended children; undefined for a process that has ended. */
function processOf(pid: number): Process | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in brackets, may hold anything.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const ticks = fields.slice(11, 15).reduce((sum, each) => sum + Number(each), 0);
    return { pid, parent: Number(fields[1]), ticks };
  } catch {
    return undefined;
  }
}
