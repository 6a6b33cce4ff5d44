import type { Secret } from "./spellings.ts";

export type RingRunAssignment = {
  networkUrl: string;
  /** Where the run keeps all that it keeps. */
  folder: string;
};

/** What a whole run heard, and what it must not have heard. */
export type RingRunReport = {
  /** States, statuses, events and snapshots of the machines, errors, notes and temporary files, as they were said. */
  heard: Buffer[];
  /** Archive keys. */
  keys: Secret[];
  /** What opens slots, the keys of databases, and what was written in a conversation. */
  secrets: Secret[];
  /** What secrets were wrapped into, which belongs into the key ring's document alone. */
  wrapped: Secret[];
  phrase: string;
  /** Secrets of slots that were not overwritten after use. */
  unwiped: number;
  /** The codes of the errors that were met, in order. */
  codes: string[];
};

/** The file names of a run, below its folder. */
export const ringRunFiles = {
  store: "archives",
  ring: "archives/key-ring.json",
  keys: ["old-device/archive-keys", "new-device/archive-keys"],
  temporary: "tmp",
} as const;
