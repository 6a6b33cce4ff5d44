import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Assignment, ChildReport } from "./assignment.ts";

export type Child = {
  /** What it said when it ended or froze. */
  report: ChildReport;
  /** Waits until it has ended by itself. */
  ended(): Promise<void>;
  /** Kills it without warning, if it still lives, and waits until it is gone. */
  kill(): Promise<void>;
};

const script = fileURLToPath(new URL("./child.ts", import.meta.url));

/** Runs one task in a process of its own until that ends or freezes. */
export async function runChild(assignment: Assignment): Promise<Child> {
  const child = spawn(process.execPath, ["--conditions=@xmtp-backup/source", script, JSON.stringify(assignment)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exit = once(child, "exit");
  let complaints = "";
  child.stderr.on("data", (chunk: Buffer) => (complaints += chunk.toString()));
  for await (const line of createInterface({ input: child.stdout })) {
    return {
      report: JSON.parse(line) as ChildReport,
      async ended() {
        await exit;
      },
      async kill() {
        child.kill("SIGKILL");
        await exit;
      },
    };
  }
  throw new Error(`The child ended without a word: ${complaints}`);
}
