import { type Backups, createBackups, isBackupError, type RestoreResult, systemClock } from "@xmtp-backup/core";
import { nodeHost } from "../nodeHost.ts";
import { type AgentBackupsOptions, fillAgentOptions } from "./agentOptions.ts";
import type { BackUpableAgent } from "./agentShape.ts";
import { assertHistoryReadable, hasDatabase } from "./assertHistoryReadable.ts";
import { bringBack } from "./bringBack.ts";
import { bringMissed } from "./bringMissed.ts";
import { lastBackup } from "./lastBackup.ts";
import { createMessageGate } from "./messageGate.ts";
import { revokeOlder } from "./revokeOlder.ts";
import { startPatiently } from "./startPatiently.ts";

export type StopAgentOptions = {
  /** How long the last backup may take, in milliseconds; then it is cancelled. @default 8000, since Docker waits for 10 seconds */
  withinMs?: number;
};

/** An agent that has its history, and is backed up. */
export type BackedUpAgent<TAgent> = {
  /** The agent, ready for handlers and `start()`. */
  agent: TAgent;
  backups: Backups;
  /** What was brought back from the newest archive; absent when the database had it, or there was none. */
  restored?: RestoreResult;
  /** Stops the agent, backs up once more and stops the backups: for SIGTERM. A failed backup is reported, and rejects nothing. Further calls wait for the first. */
  stop(options?: StopAgentOptions): Promise<void>;
};

/**
 * Makes an agent of `@xmtp/agent-sdk` with its history, and backs it up.
 *
 * A new installation gets what the newest archive holds before its first message, and makes an archive of its own. One that has its history
 * already starts with it. Failed backups are events `unhandledError` of the agent, and a `console.warn` where nothing listens.
 *
 * @param create - makes the agent; called once the place for archives answers, or a database is there
 * @throws STORE_UNAVAILABLE, or another error of the store, when a new installation can't look for its history
 * @throws KEY_WRONG or KEY_MISSING when the agent's archives can't be read with the keys at hand
 * @throws HISTORY_MISSING when the inbox was used before, and none of its archives is there
 * @throws ARCHIVE_VERSION_UNSUPPORTED when a newer version of this package made the newest archive
 *
 * @example
 * ```ts
 * import { fileStore } from "@xmtp-backup/node";
 * import { backUpAgent, envKeys } from "@xmtp-backup/node/agents";
 * import { Agent } from "@xmtp/agent-sdk";
 *
 * async function run() {
 *   const store = fileStore({ directory: "/backups" });
 *   const { agent, stop } = await backUpAgent(() => Agent.createFromEnv(), { store, keys: envKeys(), revokeOlder: true });
 *   process.once("SIGTERM", () => void stop().finally(() => process.exit()));
 *   agent.on("text", (ctx) => ctx.sendTextReply("Hello"));
 *   await agent.start();
 * }
 * ```
 */
export async function backUpAgent<TAgent extends BackUpableAgent>(create: () => Promise<TAgent>, options: AgentBackupsOptions): Promise<BackedUpAgent<TAgent>> {
  const { revokeOlder: mayRevoke, missingHistory, databaseDirectory, forBackups } = fillAgentOptions(options);
  const lookFirst = () => assertHistoryReadable({ ...forBackups, ...(missingHistory === "accept" && { allowNewKey: true }) });
  if (!(await hasDatabase(databaseDirectory))) await lookFirst();
  const agent = await create();
  const host = nodeHost(agent.client);
  const backups = createBackups({ ...forBackups, host });
  const stopped = new AbortController();
  const report = (error: Error) => {
    if (agent.listenerCount("unhandledError") > 0) agent.emit("unhandledError", error);
    else console.warn(`xmtp-backup: ${isBackupError(error) ? `${error.code}: ` : ""}${error.message}`);
  };
  let reportedMs: number | undefined;
  let stopping: Promise<void> | undefined;
  backups.status$.subscribe(({ lastFailure }) => {
    if (!lastFailure?.error || lastFailure.atMs === reportedMs) return;
    reportedMs = lastFailure.atMs;
    report(lastFailure.error);
  });

  const { isSettled, restored } = await bringBack(backups, host, { missingHistory, allowNewKey: forBackups.allowNewKey, keys: forBackups.keys, clock: forBackups.clock ?? systemClock, report });
  const gate = createMessageGate((id) => backups.conversation(id).getState());
  agent.use(gate.middleware);
  const stopBringing = bringMissed(agent.client, backups, gate, report);
  // How it ended shows in the status.
  if (!isSettled) await backups.backup().catch(() => undefined);
  if (mayRevoke) await revokeOnceSafe();
  await startPatiently(backups, { report, signal: stopped.signal });
  if (isSettled) void lookFirst().catch(reportKeys);

  /** A wrong key keeps no agent offline that has its history; what else goes wrong is heard from the start. */
  function reportKeys(error: unknown): void {
    if (isBackupError(error) && error.code.startsWith("KEY_")) report(error);
  }

  /** Now, or after the next backup that succeeds. */
  async function revokeOnceSafe(): Promise<void> {
    let isDone = false;
    const revoke = async () => {
      if (isDone || stopped.signal.aborted) return;
      isDone = await revokeOlder(agent.client, host, backups).catch((error: Error) => (report(error), false));
    };
    await revoke();
    let seen: number | undefined;
    backups.status$.subscribe(({ lastSuccess }) => {
      if (lastSuccess === undefined || lastSuccess.atMs === seen) return;
      seen = lastSuccess.atMs;
      void revoke();
    });
  }

  return {
    agent,
    backups,
    ...(restored && { restored }),
    stop: ({ withinMs = 8_000 } = {}) => (stopping ??= stop(withinMs)),
  };

  async function stop(withinMs: number): Promise<void> {
    stopped.abort();
    stopBringing();
    await agent.stop();
    await lastBackup(backups, withinMs);
    backups.stop();
  }
}
