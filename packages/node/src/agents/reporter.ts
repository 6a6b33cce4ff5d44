import { type BackupStatus, describeHealth, isBackupError } from "@xmtp-backup/core";
import type { BackUpableAgent } from "./agentShape.ts";

/** Hands errors to the agent, or to the console where nothing listens. The same error is reported once. */
export function createReporter(agent: Pick<BackUpableAgent, "emit" | "listenerCount">): (error: Error) => void {
  const reported = new WeakSet<Error>();
  return (error) => {
    if (reported.has(error)) return;
    reported.add(error);
    if (agent.listenerCount("unhandledError") > 0) agent.emit("unhandledError", error);
    else console.warn(`xmtp-backup: ${isBackupError(error) ? `${error.code}: ` : ""}${error.message}`);
  };
}

/** Reports what a status says to be wrong, each failure once: a backup that failed, and that the installation was revoked. */
export function createStatusReporter(report: (error: Error) => void): (status: BackupStatus) => void {
  let failedMs: number | undefined;
  let wasRevoked = false;
  return ({ lastFailure, health }) => {
    if (lastFailure?.error && lastFailure.atMs !== failedMs) {
      failedMs = lastFailure.atMs;
      report(lastFailure.error);
    }
    if (!health) return;
    const isRevoked = health.reason === "revoked";
    if (isRevoked && !wasRevoked) report(new Error(`This installation of the agent is revoked. ${describeHealth(health).text}`));
    wasRevoked = isRevoked;
  };
}
