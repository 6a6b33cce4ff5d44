import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { MemoryResult, MemoryWork } from "./memory-child.ts";

const script = fileURLToPath(new URL("./memory-child.ts", import.meta.url));

/** Peak of resident memory, beyond what the process took before, in a process of its own. */
export const measureMemory = async (work: MemoryWork, paths: string[]): Promise<MemoryResult> => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=@xmtp-backup/source", "--expose-gc", script, work, ...paths]);
  return JSON.parse(stdout) as MemoryResult;
};
