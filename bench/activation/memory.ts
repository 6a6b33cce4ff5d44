import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { atMost, type Result } from "../result.ts";
import type { MemoryUse } from "./memoryChild.ts";
import { followed } from "./passes.ts";

const targetBytes = 2_000;
const child = fileURLToPath(new URL("./memoryChild.ts", import.meta.url));

/** What a waiting conversation takes of memory, all that the plugin keeps for it; in a process of its own, whose heap is known. */
export async function* run(note: (line: string) => void): AsyncGenerator<Result> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=@xmtp-backup/source", "--expose-gc", child, String(followed)]);
  const { bytesEach, withSubscriberEach, machines, transitions } = JSON.parse(stdout) as MemoryUse;
  yield atMost("memory of a waiting conversation", bytesEach, targetBytes, "B");
  note(`with a subscriber to each: ${withSubscriberEach.toFixed(0)} B`);
  note(`an XState machine for each instead: ${machines.bytesEach.toFixed(0)} B, all active after ${machines.allActiveMs.toFixed(0)} ms`);
  note(`a transition actor for each instead: ${transitions.bytesEach.toFixed(0)} B, all active after ${transitions.allActiveMs.toFixed(0)} ms`);
}
