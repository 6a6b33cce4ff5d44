import {
  assertShape,
  BackupError,
  type BackupPolicy,
  type BackupsOptions,
  createBackups,
  type Host,
  type Logger,
  type OptionKind,
} from "@xmtp-backup/core";

/** How an agent is backed up; beside these, everything that `createBackups` takes but the host. */
export type AgentBackupsOptions = Omit<BackupsOptions, "host"> & {
  /** When to back up and what to keep. @default daily, after 500 messages at most every 6 hours, and the last 5, 4 weeks and 6 months */
  policy?: BackupPolicy;
  /**
   * Take the installations of earlier containers out of the inbox for good, once this one has its history and a whole archive of its own. An
   * earlier container is an older installation with an archive in this place. Say it for an agent that runs in one container at a time.
   *
   * Never say it where an app with the agent's wallet backs up to this place with this key: it looks like a container.
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

const shape: Readonly<Record<keyof AgentBackupsOptions, OptionKind>> = {
  store: "object",
  keys: "object",
  policy: "any?",
  activation: "any?",
  appVersion: "any?",
  allowNewKey: "boolean?",
  reuse: "any?",
  journal: "object?",
  lock: "object?",
  clock: "object?",
  device: "object?",
  logger: "any?",
  inspect: "any?",
  revokeOlder: "boolean?",
  missingHistory: "text?",
  databaseDirectory: "text?",
};

/** Stands in for the host while there is no client, so that everything else is checked before one is made. */
const noHost = { identity: nothing, exportArchive: nothing, importArchive: nothing, listConversations: nothing } as unknown as Host;

/**
 * The options with what they leave open.
 *
 * @throws OPTIONS_INVALID when an option is missing, unknown or of another kind
 * @throws POLICY_INVALID when a setting of the policy is wrong
 */
export function fillAgentOptions(options: AgentBackupsOptions) {
  assertShape("backUpAgent", options, shape);
  const {
    policy = agentPolicy,
    logger = agentLogger,
    revokeOlder = false,
    missingHistory = "refuse",
    databaseDirectory = process.env["XMTP_DB_DIRECTORY"] ?? ".",
    ...others
  } = options;
  if (missingHistory !== "refuse" && missingHistory !== "accept")
    throw new BackupError("OPTIONS_INVALID", "backUpAgent: missingHistory is refuse or accept.");
  const forBackups = { ...others, policy, logger };
  createBackups({ ...forBackups, host: noHost });
  return { revokeOlder, missingHistory, databaseDirectory, forBackups };
}
