import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { fileLock } from "../src/state/fileLock.ts";
import { findRuntime, type RuntimeName } from "./support/findRuntime.ts";
import { temporaryFolder } from "./temporaryFolder.ts";

const script = fileURLToPath(new URL("support/backUpBeside.ts", import.meta.url));
const inboxId = "a".repeat(64);
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Runs the script while this process holds one of its locks. */
async function outcomesOf({ program, args }: { program: string; args: readonly string[] }): Promise<unknown> {
  const { path, dispose } = await temporaryFolder();
  ends.push(dispose);
  const unlock = await fileLock({ directory: join(path, "elsewhere") }).tryAcquire(`inbox-${inboxId}`);
  ends.push(() => unlock?.());
  const { stdout } = await promisify(execFile)(program, [...args, script, path, inboxId], {
    env: { ...process.env, NODE_OPTIONS: "", DENO_NO_UPDATE_CHECK: "1" },
  });
  return JSON.parse(stdout);
}

const outcomes = { elsewhere: "TASK_IN_PROGRESS", own: "TASK_IN_PROGRESS", free: "open" };

describe("fileStore and fileLock", () => {
  for (const name of ["deno", "bun"] satisfies RuntimeName[]) {
    it(`default: on ${name} a backup is made, and refused while another process or this one is at work`, async (context) => {
      expect(await outcomesOf(findRuntime(name, context))).toEqual(outcomes);
    });
  }

  it("default: the same on Node", async () => {
    expect(await outcomesOf({ program: process.execPath, args: ["--conditions=@xmtp-backup/source"] })).toEqual(outcomes);
  });
});
