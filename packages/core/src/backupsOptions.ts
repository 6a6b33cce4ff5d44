import type { ArchiveStore } from "./ports/archiveStore.ts";
import type { Clock } from "./ports/clock.ts";
import { type Device } from "./ports/device.ts";
import type { Host } from "./ports/host.ts";
import type { Journal } from "./ports/journal.ts";
import type { KeyStore } from "./ports/keyStore.ts";
import type { Lock } from "./ports/lock.ts";
import type { Logger } from "./ports/logger.ts";
import type { ReuseSettings } from "./ports/reuse.ts";
import type { BackupPolicy } from "./policy/rules/backupPolicy.ts";
import type { RecreateDms } from "./activation/rules/recreating.ts";
import { type Inspect } from "./logging/toInspect.ts";

/** How restored conversations are tracked. */
export type ActivationSettings = {
  /** Whether inactive DMs are recreated: after the user's word (`recreateDms`), automatically, or not at all. @default "ask" */
  recreateDms?: RecreateDms;
};

export type BackupsOptions = {
  /** The XMTP client, through the adapter of its SDK. */
  host: Host;
  /** Where archives are kept. */
  store: ArchiveStore;
  /** Where the archive key is kept; the first backup makes one if there is none, and the store lists no archives. */
  keys: KeyStore;
  /**
   * Let the first backup make a key although the store lists archives, none of whose keys this device has. It holds for backups that the
   * policy begins, too.
   *
   * Such archives are of other inboxes that share the place, or of this inbox on a device whose key was not brought here. Only their key
   * shows which. So pass true for a place that many inboxes share; elsewhere ask the user, and pass it to `backup` once.
   *
   * @default false
   */
  allowNewKey?: boolean;
  policy?: BackupPolicy;
  /**
   * How a whole backup builds on the last one; false to export everything each time.
   *
   * @default { freshEvery: "90d", maxCopyBytes: 268_435_456 }
   */
  reuse?: ReuseSettings | false;
  activation?: ActivationSettings;
  /** Your app's version, kept with each archive. */
  appVersion?: string;
  /** @default the host's, beside the client's database */
  journal?: Journal;
  /** @default the host's, beside the client's database */
  lock?: Lock;
  /** @default the platform's */
  clock?: Clock;
  /** @default the host's, or one that knows nothing */
  device?: Device;
  /**
   * What hears of backups, restores, decisions of the policy and failures, in codes and ids: `console`, pino, or anything with the same
   * four methods. False for nobody.
   *
   * @default one that gives `console.warn` what nobody else has heard of, such as a scheduled backup that failed
   */
  logger?: Logger | false;
  /**
   * Hears the inspection events of XState's machines, for its developer tools. They hold what the app itself is shown, such as the names
   * of groups in a preview, and never a key or what anybody wrote.
   *
   * @default nobody
   *
   * @example
   * ```ts
   * import { type BackupsOptions, createBackups } from "@xmtp-backup/core";
   *
   * const inspected = (options: BackupsOptions) => createBackups({ ...options, inspect: ({ type }) => console.log(type) });
   * ```
   */
  inspect?: Inspect;
};
