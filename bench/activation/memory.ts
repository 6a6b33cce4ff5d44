import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { once } from "../shared/figure.ts";
import { atMost, beside, type Result } from "../shared/result.ts";
import type { MemoryUse } from "./memoryChild.ts";
import { tracked } from "./passes.ts";

const targetBytes = 2_000;
const child = fileURLToPath(new URL("./memoryChild.ts", import.meta.url));

/** What a waiting conversation takes of memory, all that the plugin keeps for it; in a process of its own, whose heap is known. */
export async function* run(): AsyncGenerator<Result> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--conditions=@xmtp-backup/source",
    "--expose-gc",
    child,
    String(tracked),
  ]);
  const { resumed, restored, active, withSubscriberEach, machines, transitions } = JSON.parse(stdout) as MemoryUse;
  yield atMost("memory of a waiting conversation after a start", once(resumed), targetBytes, "B");
  yield atMost("memory of a waiting conversation after a restore", once(restored), targetBytes, "B");
  yield beside("memory of a conversation once all are active", once(active), "B");
  yield beside("memory of a waiting conversation with a subscriber to each", once(withSubscriberEach), "B");
  yield beside("an XState machine for each instead: memory", once(machines.bytesEach), "B");
  yield beside("an XState machine for each instead: all became active", once(machines.allActiveMs), "ms");
  yield beside("a transition actor for each instead: memory", once(transitions.bytesEach), "B");
  yield beside("a transition actor for each instead: all became active", once(transitions.allActiveMs), "ms");
}
