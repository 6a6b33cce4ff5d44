import type { QuietWindow } from "@xmtp-backup/core";

/** From one day of the scenario up to another one; days count from its start and may have fractions. */
export type DaySpan = { fromDay: number; toDay: number };

/** A stretch of somebody's life that a policy is tried on. */
export type Scenario = {
  /** Milliseconds since 1970. @default 2026-01-01T12:00Z */
  startMs?: number;
  /** @default 365 */
  days?: number;
  /** Where it begins, an IANA zone. @default "UTC" */
  timeZone?: string;
  /** Journeys to other zones. @default none */
  moves?: readonly { day: number; timeZone: string }[];
  /** Times at which the device's clock jumps, by milliseconds back or forth. @default none */
  clockJumps?: readonly { day: number; byMs: number }[];
  /** The client never has a conversation, so that there is nothing to back up first. @default false */
  isEmpty?: boolean;
  /** @default 20 */
  messagesPerDay?: number;
  /** Days with more or fewer messages. @default none */
  heavyDays?: readonly (DaySpan & { messagesPerDay: number })[];
  /** Newly active conversations. @default 0.1 */
  conversationsPerDay?: number;
  /** The hours of each day in which the device is awake. @default always */
  awake?: QuietWindow;
  /** @default none */
  asleep?: readonly DaySpan[];
  /** @default none */
  offline?: readonly DaySpan[];
  /** The store refuses what is put into it; the user makes room at the end. @default none */
  storeFull?: readonly DaySpan[];
  /** @default none */
  events?: readonly { day: number; event: string }[];
  /** The store is reached over the network. @default true */
  remoteStore?: boolean;
  /** How long a backup takes. @default 120000 */
  backupMs?: number;
  /** Two runs with the same seed have the same chances. @default 1 */
  seed?: number;
};

export const defaultScenario = {
  startMs: Date.UTC(2026, 0, 1, 12),
  days: 365,
  timeZone: "UTC",
  moves: [],
  clockJumps: [],
  isEmpty: false,
  messagesPerDay: 20,
  heavyDays: [],
  conversationsPerDay: 0.1,
  asleep: [],
  offline: [],
  storeFull: [],
  events: [],
  remoteStore: true,
  backupMs: 120_000,
  seed: 1,
} as const satisfies Scenario;
