import { type ChildProcess, fork } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { generateArchiveKey, keyFingerprint } from "@xmtp-backup/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileKeys } from "../src/keys/fileKeys.ts";
import { temporaryFolder } from "./temporaryFolder.ts";

const script = new URL("./support/firstStartChild.ts", import.meta.url);

describe("fileKeys of several processes", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let children: ChildProcess[];
  beforeEach(async () => {
    folder = await temporaryFolder();
    children = [];
  });
  afterEach(async () => {
    for (const child of children) child.kill("SIGKILL");
    await folder.dispose();
  });

  async function start(path: string): Promise<ChildProcess> {
    const child = fork(script, [path], { execArgv: ["--conditions=@xmtp-backup/source", "--disable-warning=ExperimentalWarning"] });
    children.push(child);
    expect(await answerOf(child)).toBe("ready");
    return child;
  }

  it("behavior: of many that start for the first time at once, the file holds every key that was used", { timeout: 240_000 }, async () => {
    const path = join(folder.path, "keys", "archive-keys");
    const started = await Promise.all(Array.from({ length: 10 }, () => start(path)));
    const answers = started.map(answerOf);
    for (const child of started) child.send("backup");
    const used = await Promise.all(answers);
    const kept = (await fileKeys({ path }).load()).map(keyFingerprint);
    expect(used.filter((fingerprint) => !kept.includes(fingerprint))).toEqual([]);
  });

  it("behavior: one that is killed while it holds the lock holds nobody up", { timeout: 120_000 }, async () => {
    await mkdir(join(folder.path, "keys"));
    const path = join(folder.path, "keys", "archive-keys");
    const child = await start(path);
    child.send("lock");
    expect(await answerOf(child)).toBe("locked");
    const key = generateArchiveKey();
    const waiting = new AbortController();
    const added = fileKeys({ path }).add(key, { signal: waiting.signal });
    waiting.abort(new Error("The user has gone."));
    await expect(added).rejects.toThrow("The user has gone.");
    child.kill("SIGKILL");
    await fileKeys({ path }).add(key);
    expect(await fileKeys({ path }).load()).toEqual([key]);
  });
});

/** @throws when the process ends instead */
async function answerOf(child: ChildProcess): Promise<string> {
  const { answer, error } = await new Promise<{ answer?: string; error?: string }>((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", (code) => reject(new Error(`The process ended with ${code}.`)));
  });
  if (answer === undefined) throw new Error(error);
  return answer;
}
