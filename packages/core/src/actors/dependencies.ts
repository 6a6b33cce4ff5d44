import type { Progress } from "../model/progress.ts";
import type { ArchiveStore } from "../ports/archiveStore.ts";
import type { Clock } from "../ports/clock.ts";
import type { Device } from "../ports/device.ts";
import type { Host } from "../ports/host.ts";
import type { Journal } from "../ports/journal.ts";
import type { KeyStore } from "../ports/keyStore.ts";
import type { Lock } from "../ports/lock.ts";
import type { Log } from "../ports/logger.ts";

/** The world as actors touch it: only through ports. */
export type Dependencies = {
  host: Host;
  store: ArchiveStore;
  keys: KeyStore;
  journal: Journal;
  lock: Lock;
  clock: Clock;
  device: Device;
  log: Log;
  /** What the machines tell those who inspect them; never fails. */
  inspect?: ((event: unknown) => void) | undefined;
  appVersion?: string;
  /** How long this process has run on a clock that nobody set meanwhile, in milliseconds. @default not known */
  steadyMs?: (() => number | undefined) | undefined;
  allowNewKey?: boolean;
};

/** What a stage is given while it runs. */
export type StageTools = { signal: AbortSignal; report(progress: Progress): void };
