import {
  assertShape,
  BackupError,
  type Backups,
  followBackups,
  type FollowedBackups,
  type FollowOptions,
  type Logger,
  switchBackups,
} from "@xmtp-backup/core";
import { guardedMethods } from "@xmtp-backup/core/sdk";
import { BehaviorSubject, combineLatest, distinctUntilChanged, map, type Observable } from "rxjs";
import { type BroadcastLink, broadcastLink } from "./broadcastLink.ts";
import type { OpenedBackups } from "./leadBackups.ts";
import { type Place, handOverLead } from "./handOverLead.ts";

/**
 * The role of a tab among those that share the backups. It is `joining` until the tab knows, `opening` while it opens them, and `leading`
 * when it makes them. It is `following` while another tab makes them, and `failed` when it could not open them and nobody else leads.
 */
export type TabRole = "joining" | "opening" | "leading" | "following" | "failed";

export type ShareBackupsOptions = {
  /** What the tabs of one user have in common, such as the inbox id or the address; every tab passes the same. */
  name: string;
  /**
   * Creates the XMTP client and the backups over it. It is called in the tab that leads, never in two at once, and again in one
   * that led before.
   */
  open(): Promise<OpenedBackups>;
  /** How long the leading tab may take to say that it has a call, in milliseconds. @default 10000 */
  answerWithinMs?: number;
  /**
   * Gets the failures of this tab's calls and tasks that nobody awaits or watches, and of a start that fails while this tab leads.
   * Pass the one of `createBackups`, which hears everything else in the tab that leads. False for nobody.
   *
   * @default one that gives `console.warn` such failures
   */
  logger?: Logger | false;
};

/** The backups of all tabs, whichever of them makes them. */
export type SharedBackups = Omit<Backups, "start" | "stop"> & {
  /** What this tab is; the current role first, then every change. */
  readonly role$: Observable<TabRole>;
  /**
   * Resolves once the leading tab has started the backups, which it does automatically. The value is the task that was interrupted, if
   * any. The leading tab tries again until it works. In a tab that has `failed` to open them it tries again.
   */
  start: Backups["start"];
  /**
   * This tab takes no more part. The one that leads ends its task first, then another tab takes over; resolves when it can.
   */
  stop(): Promise<void>;
};

/**
 * One backup for all tabs of an app. The tab that gets the browser's lock opens the XMTP client and makes the backups. Every tab shows
 * and uses them as its own. When the leading tab is closed, reloaded or crashes, another takes over.
 *
 * The work of the leading tab is lost with it. Its tasks and calls fail in the others with `TAB_CLOSED`, and the status says what was
 * interrupted. A leading tab that does not answer lets calls fail with `TAB_SILENT`. A page that is kept aside or frozen hands over.
 * Where a page may not talk to other tabs, as in a sandboxed frame, its role is `failed` and calls fail with `JOURNAL_FAILED`. What is
 * passed to a call goes to the other tabs of the origin and nowhere else, an archive key of `restore` included.
 *
 * @throws TABS_UNSUPPORTED on a server, as where a page is rendered: call it in an effect
 * @throws OPTIONS_INVALID when an option is missing, unknown or wrong
 *
 * @example
 * ```ts
 * import { browserHost, indexedDbKeys, opfsStore, shareBackups } from "@xmtp-backup/browser";
 * import { createBackups } from "@xmtp-backup/core";
 * import { Client, type Signer } from "@xmtp/browser-sdk";
 *
 * function startBackups(address: string, signer: Signer) {
 *   const backups = shareBackups({
 *     name: address,
 *     async open() {
 *       const client = await Client.create(signer, { env: "production" });
 *       return {
 *         backups: createBackups({ host: browserHost(client), store: opfsStore(), keys: indexedDbKeys() }),
 *         close: () => client.close(),
 *       };
 *     },
 *   });
 *   backups.role$.subscribe((role) => console.log(role));
 *   return backups;
 * }
 * ```
 */
export function shareBackups(options: ShareBackupsOptions): SharedBackups {
  assertPage();
  assertShape("shareBackups", options, { name: "text", open: "function", answerWithinMs: "number?", logger: "any?" });
  const { name, open, answerWithinMs = 10_000, logger } = options;
  // The number is that of the messages: tabs with other ones must not hear them, though they stand in the same line.
  const channel = `xmtp-backup:tabs:2:${name}`;
  const link = broadcastLink(channel);
  const followed = followOn(link, { guardedMethods, answerWithinMs, ...(logger !== undefined && { logger }) });
  const backups$ = new BehaviorSubject(followed.backups);
  const shared = switchBackups(backups$);
  const lead = handOverLead({ name, channel, link, followed, backups$, open, logger });

  return {
    ...shared,
    role$: combineLatest([lead.place$, followed.server$]).pipe(
      map(([place, server]) => toRole(place, server === "open")),
      distinctUntilChanged(),
    ),
    start() {
      lead.retry();
      return shared.start();
    },
    async stop() {
      await lead.stop();
      backups$.complete();
      followed.close();
      link.close();
    },
  };
}

/** A server that renders the page has neither a document nor a worker's scope; what was opened there would hold its process. */
function assertPage(): void {
  if ("document" in globalThis || "WorkerGlobalScope" in globalThis) return;
  throw new BackupError("TABS_UNSUPPORTED", "There are no tabs here that could share their backups.");
}

/** What is refused leaves no channel open. */
function followOn(link: BroadcastLink, options: FollowOptions): FollowedBackups {
  try {
    return followBackups(link, options);
  } catch (error) {
    link.close();
    throw error;
  }
}

function toRole(place: Place, isServed: boolean): TabRole {
  if (place === "opening" || place === "leading") return place;
  if (isServed) return "following";
  return place === "failed" ? "failed" : "joining";
}
