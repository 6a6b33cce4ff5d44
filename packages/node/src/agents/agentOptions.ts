import { type BackupPolicy, type BackupsOptions, type Logger, normalizePolicy } from "@xmtp-backup/core";

/** How an agent is backed up; beside these, everything that `createBackups` takes but the host. */
export type AgentBackupsOptions = Omit<BackupsOptions, "host"> & {
  /** When to back up and what to keep. @default daily, and after 500 messages at most every 6 hours; the last 5, 4 weeks and 6 months are kept */
  policy?: BackupPolicy;
  /**
   * Take the installations of earlier containers out of the inbox, once this one has a whole archive of its own. Only installations that are
   * older than this one go. Say it for an agent that runs in one container at a time, and whose wallet nobody uses in another app.
   *
   * @default false
   */
  revokeOlder?: boolean;
  /**
   * What to do when history that there must be can't be had: `refuse` to start, or `accept` and go on with what can be read.
   *
   * @default "refuse"
   */
  missingHistory?: "refuse" | "accept";
  /**
   * The folder of the client's database. While it holds none, the place for archives must answer before a client is made.
   *
   * @default the environment's `XMTP_DB_DIRECTORY`, or else the working directory
   */
  databaseDirectory?: string;
  /** As of `createBackups`. @default `console.warn`, for what is no failed backup: those are events of the agent */
  logger?: Logger | false;
};

/** What suits an agent, to which nobody can be reminded of anything. */
export const agentPolicy = {
  frequency: "daily",
  afterMessages: 500,
  activityPause: "6h",
  keep: { last: 5, weekly: 4, monthly: 6 },
  verifyEvery: "7d",
  reminders: false,
} as const satisfies BackupPolicy;

const nothing = () => undefined;

/** A failed backup is reported by the agent, once. */
const agentLogger: Logger = {
  debug: nothing,
  info: nothing,
  warn: ({ event }, message) => (event === "backup.failed" ? undefined : console.warn(message)),
  error: (_event, message) => console.error(message),
};

/** The options with what they leave open. @throws POLICY_INVALID when the policy can't be followed */
export function fillAgentOptions({ policy = agentPolicy, logger = agentLogger, revokeOlder = false, missingHistory = "refuse", databaseDirectory = process.env["XMTP_DB_DIRECTORY"] ?? ".", ...others }: AgentBackupsOptions) {
  normalizePolicy(policy);
  return { revokeOlder, missingHistory, databaseDirectory, forBackups: { ...others, policy, logger } };
}
