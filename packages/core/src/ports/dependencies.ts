import type { ArchiveStore } from "./archiveStore.ts";
import type { Clock } from "./clock.ts";
import type { Device } from "./device.ts";
import type { Host } from "./host.ts";
import type { Journal } from "./journal.ts";
import type { KeyStore } from "./keyStore.ts";
import type { Lock } from "./lock.ts";
import type { Reuse } from "./reuse.ts";
import type { Log } from "./logger.ts";

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
  /** How a whole backup builds on the last one; false where it exports everything each time. */
  reuse: Reuse | false;
};
