import { BackupError, type Backups, type FollowedBackups, type Logger } from "@xmtp-backup/core";
import { BehaviorSubject, filter, firstValueFrom } from "rxjs";
import { type BroadcastLink, broadcastLink } from "./broadcastLink.ts";
import { leadBackups, type OpenedBackups } from "./leadBackups.ts";
import { watchPage } from "./watchPage.ts";

/** Where a tab is on its way to the lead. */
export type Place = "seeking" | "opening" | "leading" | "failed";

export type HandOverOptions = {
  /** What the tabs of one user have in common. */
  name: string;
  /** The name of the channel on which the leading tab answers. */
  channel: string;
  /** This tab's own end of the channel. */
  link: BroadcastLink;
  followed: FollowedBackups;
  /** The backups of now: those that this tab opened while it leads, else the followed ones. */
  backups$: BehaviorSubject<Backups>;
  open(): Promise<OpenedBackups>;
  logger: Logger | false | undefined;
};

export type Lead = {
  readonly place$: BehaviorSubject<Place>;
  /** Waits in the line again, after this tab could not open the backups. */
  retry(): void;
  /** Leaves the line for good. A tab that leads ends its task first. Resolves when the next tab can lead. */
  stop(): Promise<void>;
};

/**
 * Waits in the browser's line of locks for the lead, leads, and hands over.
 *
 * The browser gives the lock to the next tab when this one is closed, reloaded or crashes. A page that is kept aside or frozen hands
 * over before.
 */
export function handOverLead({ name, channel, link, followed, backups$, open, logger }: HandOverOptions): Lead {
  const place$ = new BehaviorSubject<Place>("seeking");
  let leaving: AbortController;
  let seeking: Promise<void>;
  let isStopped = false;

  async function seek(): Promise<void> {
    const { signal } = (leaving = new AbortController());
    place$.next("seeking");
    followed.refuse(undefined);
    if (link.failure) return fail(link.failure);
    try {
      await navigator.locks.request(`xmtp-backup:tabs:${name}`, { signal }, () => lead(signal));
    } catch (error) {
      if (!signal.aborted) fail(new BackupError("JOURNAL_FAILED", "The tabs can't agree on the one that leads.", { cause: error }));
    }
  }

  async function lead(signal: AbortSignal): Promise<void> {
    const own = broadcastLink(channel);
    const onOpen = (backups: Backups) => {
      backups$.next(backups);
      place$.next("leading");
    };
    place$.next("opening");
    try {
      await leadBackups({ link: own, open, signal, onOpen, logger });
    } catch (error) {
      fail(error);
    } finally {
      backups$.next(followed.backups);
      own.close();
    }
  }

  function fail(error: unknown): void {
    place$.next("failed");
    followed.refuse(error);
  }

  /**
   * Hands over before the page sleeps or goes. Not in the middle of a task. If the page goes, the browser gives back all its locks at
   * once, the task's own too, so the next tab finds what was interrupted. A page that sleeps goes on later.
   */
  function leave(): void {
    if (place$.value === "leading" && backups$.value.current()) return;
    leaving.abort();
    place$.next("seeking");
  }

  function comeBack(): void {
    followed.wake();
    if (leaving.signal.aborted && !isStopped) seeking = seek();
  }

  function retry(): void {
    if (place$.value === "failed") seeking = seek();
  }

  const unwatch = watchPage({ leaving: leave, back: comeBack });
  // Where one tab could, another can.
  const retrying = followed.server$.subscribe((server) => {
    if (server === "open") retry();
  });
  seeking = seek();

  return {
    place$,
    retry,
    async stop() {
      isStopped = true;
      unwatch();
      retrying.unsubscribe();
      if (place$.value === "leading") {
        const { status$, stop } = backups$.value;
        stop();
        // Not the task's own result: whoever asks for that counts as one who hears of a failure.
        await firstValueFrom(status$.pipe(filter(({ running }) => running === undefined)));
      }
      leaving.abort();
      await seeking;
      place$.complete();
    },
  };
}
