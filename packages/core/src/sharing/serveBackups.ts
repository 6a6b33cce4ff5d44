import type { Backups } from "../backups.ts";
import { systemClock } from "../time/systemClock.ts";
import type { Clock } from "../ports/clock.ts";
import { answerCalls, type AnswerCall } from "./answerCalls.ts";
import type { BackupsLink } from "./backupsLink.ts";
import type { CallMessage, FollowerMessage, ServerNews } from "./messages.ts";
import { packErrors } from "./packErrors.ts";
import { readMessage } from "./readMessage.ts";
import { type Telling, tellFollowers } from "./tellFollowers.ts";
import { withoutUncloneable } from "./withoutUncloneable.ts";

/** The one end of a link that has the backups, and does what the other ends ask of them. */
export type BackupsServer = {
  /** Serves these backups from now on; what was asked before is done now. */
  open(backups: Backups): void;
  /** Ends, since there will be no backups: what was asked before fails with this error. */
  fail(error: unknown): void;
  /** Ends; followers wait for the next server. Further calls do nothing. */
  close(): void;
};

/**
 * Serves backups to those who follow them over a link. It says at once that it is there, which ends the tasks of an earlier server. It
 * takes calls while the backups are still being opened.
 *
 * A link has one server at a time: whoever calls this makes sure of it, for example by a lock.
 *
 * @example
 * ```ts
 * import { type Backups, type BackupsLink, serveBackups } from "@xmtp-backup/core";
 *
 * async function lead(link: BackupsLink, open: () => Promise<Backups>) {
 *   const server = serveBackups(link);
 *   await open().then(server.open, server.fail);
 * }
 * ```
 */
export function serveBackups(
  link: BackupsLink,
  { clock = systemClock }: { clock?: Pick<Clock, "now" | "setTimeout" | "clearTimeout"> } = {},
): BackupsServer {
  const server = crypto.randomUUID();
  const underWay = new Map<string, AbortController>();
  let telling: Telling | undefined;
  let becomeOpen: (answer: AnswerCall) => void;
  let becomeFailed: (error: unknown) => void;
  const opened = new Promise<AnswerCall>((resolve, reject) => ([becomeOpen, becomeFailed] = [resolve, reject]));
  opened.catch(() => undefined);

  /** Followers hear something, whatever the news hold. Else a call or a task would wait for ever. */
  function post(news: ServerNews): void {
    try {
      link.post(packErrors({ server, ...news }));
    } catch (cause) {
      try {
        link.post(packErrors({ server, ...withoutUncloneable(news, cause) }));
      } catch {
        // The link is closed, so that nobody would hear it.
      }
    }
  }

  const serve = () => post({ type: "serving", ...(telling && { all: telling.all() }) });

  async function take({ call, name, parameters }: CallMessage): Promise<void> {
    const over = new AbortController();
    underWay.set(call, over);
    post({ type: "taken", call });
    try {
      const answer = await opened;
      over.signal.throwIfAborted();
      const onProgress = (doneBytes: number) => post({ type: "progressed", call, doneBytes });
      post({ type: "answered", call, value: await answer(name, parameters, { signal: over.signal, onProgress }) });
    } catch (error) {
      post({ type: "answered", call, error });
    } finally {
      underWay.delete(call);
    }
  }

  let unlisten: (() => void) | undefined = link.listen((packed) => {
    const message = readMessage<FollowerMessage>(packed);
    if (message?.type === "hello") serve();
    else if (message?.server !== server) return;
    else if (message.type === "abort") underWay.get(message.call)?.abort();
    else if (message.type === "call" && clock.now() <= message.untilMs) void take(message);
  });
  serve();

  function close(): void {
    if (!unlisten) return;
    telling?.stop();
    unlisten();
    unlisten = undefined;
    post({ type: "left" });
  }

  return {
    open(backups) {
      telling = tellFollowers(backups, post, clock);
      serve();
      becomeOpen(answerCalls(backups, telling.tasks, telling.reminders));
    },
    fail(error) {
      becomeFailed(error);
      // After the calls that waited were answered.
      void opened.catch(close);
    },
    close,
  };
}
