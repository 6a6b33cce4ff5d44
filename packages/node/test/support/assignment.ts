import type { BackupStage, ClosingAdvice, RestoreStage } from "@xmtp-backup/core";
import type { Hex } from "viem";
import type { Places } from "./backupsOf.ts";

/**
 * Where a child freezes, to be killed there: `entered` as soon as the task shows the stage, `noted` once the journal says
 * it, `halfway` when a part of its work is done.
 */
export type StopPoint = { stage: BackupStage | RestoreStage | "awaitingConfirmation"; when: "entered" | "noted" | "halfway" };

/** What a child process is to do: one task of a client, and how it is hindered. */
export type Assignment = {
  networkUrl: string;
  privateKey: Hex;
  dbPath: string;
  places: Places;
  /** A restore takes the newest archive. */
  task: "backup" | "restore";
  /** A backup exports everything again, instead of what the last archive lacks. @default false */
  fresh?: boolean;
  /** Stop and close everything in the end and let the process end by itself, instead of ending it. */
  endByItself?: boolean;
  stopAt?: StopPoint;
  /** Give up the rights of root for this user's before anything is opened. */
  userId?: number;
  /** From this stage on, no file of the process may grow over so many bytes. */
  fileLimit?: { from: BackupStage; bytes: number };
};

/** What a child says, a line of JSON each. */
export type ChildReport =
  | { kind: "stopped"; closing: ClosingAdvice }
  | { kind: "succeeded" }
  | { kind: "failed"; code: string; retryable: boolean; message: string };
