import { BehaviorSubject, type Observable, Subject } from "rxjs";
import type { Backups } from "../backups.ts";
import { assertLogger } from "../logging/assertLogger.ts";
import { createLog } from "../logging/createLog.ts";
import { failureEvent } from "../logging/failureEvent.ts";
import { systemClock } from "../time/systemClock.ts";
import { invalid } from "../errors/assertOptions.ts";
import { assertShape } from "../errors/assertShape.ts";
import { BackupError } from "../errors/backupError.ts";
import type { ActivationNotice } from "../activation/rules/activationNotice.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log, Logger } from "../ports/logger.ts";
import type { BackupsLink } from "./backupsLink.ts";
import { createCaller } from "./createCaller.ts";
import { followedBackups } from "./followedBackups.ts";
import { followTasks } from "./followTasks.ts";
import { followView } from "./followView.ts";
import type { ServerMessage, ServerNews } from "./messages.ts";
import { packErrors } from "./packErrors.ts";
import { readMessage } from "./readMessage.ts";

/** Whether anybody has the backups: nobody that is known, one that is still opening them, or one that is ready. */
export type ServerState = "none" | "opening" | "open";

/** Backups that are elsewhere, as if they were here. */
export type FollowedBackups = {
  readonly backups: Backups;
  /** The current state first, then every change. */
  readonly server$: Observable<ServerState>;
  /** No server will come automatically: calls fail with this error until one is open; with undefined they wait again. */
  refuse(error: unknown): void;
  /** This end slept and may have missed something: everything is sent again. */
  wake(): void;
  /** Follows no more; what is under way elsewhere goes on. */
  close(): void;
};

export type FollowOptions = {
  /** The names of a conversation's methods that `guardWrites` guards; the host's. @default none */
  guardedMethods?: readonly string[];
  /** How long the server may take to say that it has a call, in milliseconds. @default 10000 */
  answerWithinMs?: number;
  /** @default the platform's */
  clock?: Clock;
  /**
   * What hears of failures of what was asked for here, where nobody awaits or watches it; the other end logs everything else. False for
   * nobody.
   *
   * @default one that gives `console.warn` such failures
   */
  logger?: Logger | false;
};

/**
 * Backups that another end of the link serves. This end follows what they show. Calls and tasks run there, whether this end stays or not.
 * When the server is gone, everything waits for the next one but what it was at: that fails with `TAB_CLOSED`. A server that does not say
 * in time that it has a call lets it fail with `TAB_SILENT`, and does not begin it later.
 *
 * @throws OPTIONS_INVALID when an option is unknown or wrong
 *
 * @example
 * ```ts
 * import { type BackupsLink, followBackups } from "@xmtp-backup/core";
 *
 * function follow(link: BackupsLink) {
 *   const { backups } = followBackups(link);
 *   backups.status$.subscribe(({ health }) => console.log(health?.reason));
 *   return backups;
 * }
 * ```
 */
export function followBackups(link: BackupsLink, options: FollowOptions = {}): FollowedBackups {
  assertFollowOptions(options);
  const { guardedMethods = [], answerWithinMs = 10_000, clock = systemClock, logger } = options;
  const tell = createLog(logger);
  let isClosed = false;
  /** What was asked for goes on elsewhere once this end has chosen to leave. */
  const log: Log = (level, event) => (isClosed ? undefined : tell(level, event));
  const caller = createCaller((message) => link.post(packErrors(message)), clock, answerWithinMs);
  /** For calls whose answer nobody awaits. */
  const missed = (call: string) => (error: unknown) => log("warn", failureEvent("call.failed", error, { call }));
  const say = (name: string, ...parameters: readonly unknown[]) => void caller.call(name, parameters).catch(missed(name));
  const tasks = followTasks(caller, log, say);
  const view = followView(say);
  const notices$ = new Subject<ActivationNotice>();
  const server$ = new BehaviorSubject<ServerState>("none");
  let server: string | undefined;
  let isUpToDate = false;

  /** A server says so to everybody whenever somebody new asks. */
  function follow(id: string, all: (ServerNews & { type: "serving" })["all"]): void {
    const isKnown = id === server;
    if (isKnown && (!all || isUpToDate)) return;
    if (!isKnown) replaceServer(id);
    if (all) {
      all.tasks.forEach(tasks.show);
      view.take(all, true);
      isUpToDate = true;
      caller.refuse(undefined);
    }
    server$.next(all ? "open" : "opening");
  }

  function replaceServer(next: string | undefined): void {
    server = next;
    isUpToDate = false;
    tasks.serverGone();
    view.serverGone();
    caller.serverChanged(next);
  }

  function hear(news: ServerNews): void {
    caller.hear(news);
    if (news.type === "task") tasks.show(news.task);
    if (news.type === "notice") notices$.next(news.notice);
    if (news.type === "told") view.take(news.news, false);
    if (news.type !== "left") return;
    replaceServer(undefined);
    server$.next("none");
  }

  const unlisten = link.listen((packed) => {
    const message = readMessage<ServerMessage>(packed);
    if (!message || typeof message.server !== "string") return;
    if (message.type === "serving") follow(message.server, message.all);
    else if (message.server === server) hear(message);
  });
  link.post({ type: "hello" });

  function close(): void {
    isClosed = true;
    unlisten();
    caller.refuse(new BackupError("TAB_CLOSED", "This tab takes no more part in the backups."));
    view.close();
    notices$.complete();
    server$.complete();
  }

  return {
    backups: followedBackups({
      call: caller.call,
      say,
      missed,
      tasks,
      view,
      notices$: notices$.asObservable(),
      guarded: new Set(guardedMethods),
      clock,
      close,
    }),
    server$: server$.asObservable(),
    refuse: caller.refuse,
    wake() {
      isUpToDate = false;
      link.post({ type: "hello" });
    },
    close,
  };
}

/** What timers can wait, in milliseconds; one that is set to more ends at once. */
const longestTimerMs = 2 ** 31 - 1;

function assertFollowOptions(options: unknown): void {
  assertShape("followBackups", options, { guardedMethods: "object?", answerWithinMs: "number?", clock: "object?", logger: "any?" });
  const { answerWithinMs = 1, logger } = (options ?? {}) as FollowOptions;
  // Nor is NaN more than 0.
  if (!(answerWithinMs > 0 && answerWithinMs <= longestTimerMs))
    throw invalid(`answerWithinMs is more than 0 and at most ${longestTimerMs} milliseconds.`);
  assertLogger(logger);
}
