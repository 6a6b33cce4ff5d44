import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import type { Backups, BackupTask, RestoreTask } from "@xmtp-backup/core";
import type { Client } from "@xmtp/node-sdk";
import { stateDirectoryOf } from "../../src/host/stateDirectoryOf.ts";

/** Hears everything that the plugin says or keeps while it works, but for what it hands to the user. */
export type Witness = {
  readonly heard: readonly Buffer[];
  hear(value: unknown): void;
  /** Hears a task to its end: its states, its error, the advice on closing, and every file of the client's state meanwhile. */
  watch(backups: Backups, task: BackupTask | RestoreTask, client: Client): Promise<void>;
};

export function createWitness(): Witness {
  const heard: Buffer[] = [];

  function hear(value: unknown): void {
    heard.push(Buffer.from(inspect(value, { depth: Infinity, maxArrayLength: Infinity, showHidden: true })));
    heard.push(Buffer.from(JSON.stringify(value, (_name, each: unknown) => (typeof each === "bigint" ? String(each) : each)) ?? ""));
  }

  function readFiles(folder: string): void {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const { parentPath, name } of files) {
      try {
        heard.push(Buffer.from(name), readFileSync(join(parentPath, name)));
      } catch {
        // It was there for a moment only.
      }
    }
  }

  return {
    heard,
    hear,
    watch(backups, task, client) {
      task.subscribe(() => {
        const state = task.getState();
        if (state.status !== "succeeded" && state.status !== "awaitingConfirmation") hear(state);
        hear(backups.closingAdvice());
        readFiles(stateDirectoryOf(client));
      });
      return task.result.then(() => undefined, hear);
    },
  };
}
