import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

export type Hold = {
  call: "rename" | "unlink";
  code: string;
  /** How often the call is refused for each file. */
  times: number;
};

/**
 * Refuses to rename to a file, or to delete it, as a system does while another program has it open; runs `work` meanwhile.
 *
 * @returns how often a call was refused
 */
export async function whileHeldElsewhere({ call, code, times }: Hold, work: () => Promise<unknown>): Promise<number> {
  const real: (...paths: [string, string]) => Promise<void> = fs[call];
  const refusals = new Map<string, number>();
  Object.assign(fs, {
    [call]: async (...paths: [string, string]) => {
      const file = paths[1] ?? paths[0];
      const before = refusals.get(file) ?? 0;
      if (before >= times) return real(...paths);
      refusals.set(file, before + 1);
      throw Object.assign(new Error(`${code}: operation not permitted, ${call}`), { code, syscall: call });
    },
  });
  syncBuiltinESMExports();
  try {
    await work();
  } finally {
    Object.assign(fs, { [call]: real });
    syncBuiltinESMExports();
  }
  return [...refusals.values()].reduce((sum, each) => sum + each, 0);
}
