import { BackupError } from "../errors/backupError.ts";
import type { Clock } from "../ports/clock.ts";
import type { TransferOptions } from "../ports/callOptions.ts";
import type { FollowerMessage, ServerNews } from "./messages.ts";

/** Calls what the server has, whichever there is: a call waits for one, and is lost with the one that has taken it. */
export type Caller = {
  call(name: string, parameters: readonly unknown[], tools?: TransferOptions): Promise<unknown>;
  /** What the server says of calls. */
  hear(news: ServerNews): void;
  /** Another server is there, or none any more. */
  serverChanged(server: string | undefined): void;
  /** All calls fail with this error; with undefined they wait again. */
  refuse(error: unknown): void;
};

type Pending = {
  message: { type: "call"; call: string; untilMs: number; name: string; parameters: readonly unknown[] };
  isTaken: boolean;
  timer: unknown;
  onProgress: TransferOptions["onProgress"];
  resolve(value: unknown): void;
  reject(error: unknown): void;
};

/** @param answerWithinMs - how long a server may take to say that it has a call */
export function createCaller(post: (message: FollowerMessage) => void, clock: Clock, answerWithinMs: number): Caller {
  const pending = new Map<string, Pending>();
  let server: string | undefined;
  let refusal: { error: unknown } | undefined;

  function take(call: string): Pending | undefined {
    const found = pending.get(call);
    pending.delete(call);
    clock.clearTimeout(found?.timer);
    return found;
  }

  /** A call that can't be posted fails here: nobody else would ever hear of it. */
  function send({ message }: Pending): void {
    if (server === undefined) return;
    try {
      post({ ...message, server });
    } catch (cause) {
      take(message.call)?.reject(
        new BackupError("OPTIONS_INVALID", "The parameters can't be sent to the tab that makes the backups.", { cause }),
      );
    }
  }

  function begin(name: string, parameters: readonly unknown[], { signal, onProgress }: TransferOptions): Promise<unknown> {
    const call = crypto.randomUUID();
    const message = { type: "call" as const, call, untilMs: clock.now() + answerWithinMs, name, parameters };
    const abort = () => {
      take(call)?.reject(signal?.reason);
      try {
        if (server !== undefined) post({ type: "abort", server, call });
      } catch {
        // The link is closed: nobody works on it any more.
      }
    };
    const answer = new Promise<unknown>((resolve, reject) => {
      const timer = clock.setTimeout(() => take(call)?.reject(silent()), answerWithinMs);
      const waiting: Pending = { message, isTaken: false, timer, onProgress, resolve, reject };
      pending.set(call, waiting);
      send(waiting);
    });
    signal?.addEventListener("abort", abort);
    return answer.finally(() => signal?.removeEventListener("abort", abort));
  }

  return {
    async call(name, parameters, tools = {}) {
      tools.signal?.throwIfAborted();
      if (refusal) throw refusal.error;
      return begin(name, parameters, tools);
    },

    hear(news) {
      if (news.type === "taken") {
        const taken = pending.get(news.call);
        if (!taken) return;
        taken.isTaken = true;
        clock.clearTimeout(taken.timer);
      }
      if (news.type === "progressed") pending.get(news.call)?.onProgress?.(news.doneBytes);
      if (news.type !== "answered") return;
      const answered = take(news.call);
      if ("error" in news) answered?.reject(news.error);
      else answered?.resolve(news.value);
    },

    serverChanged(next) {
      server = next;
      for (const [call, each] of pending) {
        if (each.isTaken) take(call)?.reject(tabClosed());
        else send(each);
      }
    },

    refuse(error) {
      refusal = error === undefined ? undefined : { error };
      if (refusal) for (const call of pending.keys()) take(call)?.reject(error);
    },
  };
}

/** What was begun in a tab that is gone. */
export function tabClosed(): BackupError {
  return new BackupError("TAB_CLOSED", "The tab that was at it was closed or reloaded.");
}

function silent(): BackupError {
  return new BackupError("TAB_SILENT", "The tab that makes the backups does not answer.");
}
