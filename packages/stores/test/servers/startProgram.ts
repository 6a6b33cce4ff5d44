import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";

export type Program = { hasEnded: () => boolean; stop: () => Promise<void> };

export type ProgramOptions = {
  /** Where what it writes goes. */
  log: string;
  env?: NodeJS.ProcessEnv;
};

/** The program replaces the shell. A watcher beside it ends the whole group as soon as nobody holds its input any more. */
const watched = `exec 3<&0 </dev/null; ( read -r _ <&3; kill -KILL 0 ) & exec "$0" "$@" 3<&-`;

/** Starts a program that ends, with all that it starts, when `stop` is called, and also when this process ends in whatever way. */
export function startProgram(command: string, args: readonly string[], { log, env }: ProgramOptions): Program {
  const output = openSync(log, "a");
  const child = spawn("/bin/sh", ["-c", watched, command, ...args], {
    stdio: ["pipe", output, output],
    detached: true,
    env: { ...process.env, ...env },
  });
  closeSync(output);
  const ended = once(child, "exit");
  return {
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    stop: async () => {
      child.stdin?.end();
      await ended;
    },
  };
}

/** Asks until the program answers. @throws Error with the end of its log when it ends first, or says nothing for a minute */
export async function untilReady({ hasEnded }: Program, isReady: () => Promise<boolean>, log: string): Promise<void> {
  const endMs = performance.now() + 60_000;
  // Another program may answer on the port that this one did not get.
  while (!(await isReady()) || hasEnded()) {
    if (hasEnded() || performance.now() > endMs) throw new Error(`A server did not start: ${(await readFile(log, "utf8")).slice(-2_000)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Whether somebody answers HTTP at an address, whatever the answer is. */
export function answersAt(url: string, init?: RequestInit): () => Promise<boolean> {
  return () =>
    fetch(url, init).then(
      (response) => response.body?.cancel().then(() => true) ?? true,
      () => false,
    );
}
