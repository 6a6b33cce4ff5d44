import { BackupError, type Backups, createBackups, isBackupError, type RestoreResult, systemClock } from "@xmtp-backup/core";
import { nodeHost } from "../host/nodeHost.ts";
import { type AgentBackupsOptions, fillAgentOptions } from "./agentOptions.ts";
import type { BackUpableAgent } from "./agentShape.ts";
import { assertHistoryReadable, hasDatabase } from "./assertHistoryReadable.ts";
import { bringBack, type BroughtBack } from "./bringBack.ts";
import { bringMissed } from "./bringMissed.ts";
import { readHistoryNote } from "./historyNote.ts";
import { createMessageGate } from "./messageGate.ts";
import { createReporter, createStatusReporter } from "./reporter.ts";
import { revokeOlder } from "./revokeOlder.ts";
import { startPatiently } from "./startPatiently.ts";
import { stopWithBackup } from "./stopWithBackup.ts";

export type StopAgentOptions = {
  /**
   * How long the agent's stop and the last backup may take together, in milliseconds. Then the backup is cancelled. @default 8000, since
   * Docker waits for 10 seconds
   */
  withinMs?: number;
};

/** An agent that has its history, and is backed up. */
export type BackedUpAgent<TAgent> = {
  /** The agent, ready for handlers and `start()`. */
  agent: TAgent;
  backups: Backups;
  /** What was brought back from the newest archive; absent when the database had it, or there was none. */
  restored?: RestoreResult;
  /**
   * Stops the agent, backs up once more and stops the backups: for SIGTERM. A failure is reported, and rejects nothing. Further calls
   * wait for the first.
   */
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
 * @throws OPTIONS_INVALID or POLICY_INVALID when an option is missing, unknown or wrong
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
 *   const store = fileStore({ directory: "/backups", create: false }); // a mounted folder
 *   const { agent, stop } = await backUpAgent(() => Agent.createFromEnv(), { store, keys: envKeys() });
 *   process.once("SIGTERM", () => void stop().finally(() => process.exit()));
 *   agent.on("text", (ctx) => ctx.sendTextReply("Hello"));
 *   await agent.start();
 * }
 * ```
 */
export async function backUpAgent<TAgent extends BackUpableAgent>(
  create: () => Promise<TAgent>,
  options: AgentBackupsOptions,
): Promise<BackedUpAgent<TAgent>> {
  const { revokeOlder: mayRevoke, missingHistory, databaseDirectory, forBackups } = fillAgentOptions(options);
  if (typeof create !== "function") throw new BackupError("OPTIONS_INVALID", "backUpAgent takes a function that makes the agent.");
  const lookFirst = () => assertHistoryReadable({ ...forBackups, isAccepted: missingHistory === "accept" });
  if (!(await hasDatabase(databaseDirectory))) await lookFirst();
  const agent = await create();
  const host = nodeHost(agent.client);
  const backups = createBackups({ ...forBackups, host });
  const stopped = new AbortController();
  const report = createReporter(agent);
  let stopping: Promise<void> | undefined;
  backups.status$.subscribe(createStatusReporter(report));

  let restoredUpToMs: number | undefined;
  const gate = createMessageGate(
    (id) => backups.conversation(id).getState(),
    () => restoredUpToMs,
  );
  agent.use(gate.middleware);
  const stopBringing = bringMissed(agent.client, backups, gate, report);
  const { isSettled, isIncomplete, restored } = await bringHistory().catch((error: unknown) => {
    stopBringing();
    throw error;
  });
  // A failure shows in the status, a refusal does not; each error is reported once.
  if (!isSettled) await backups.backup().catch(report);
  // An archive of an incomplete history must not take the place of those that hold the rest.
  if (mayRevoke && !isIncomplete) await revokeOnceSafe();
  await startPatiently(backups, { report, signal: stopped.signal });
  if (isSettled) void lookFirst().catch(reportKeys);

  async function bringHistory(): Promise<BroughtBack> {
    const brought = await bringBack(backups, host, {
      missingHistory,
      mayRevoke,
      allowNewKey: forBackups.allowNewKey,
      keys: forBackups.keys,
      clock: forBackups.clock ?? systemClock,
      report,
    });
    ({ restoredUpToMs } = await readHistoryNote(host.journal));
    return brought;
  }

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
    await stopWithBackup(agent, backups, { withinMs, report });
  }
}
