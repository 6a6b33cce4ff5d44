import type { Locker } from "@tus/server";
import { untilAborted } from "@xmtp-backup/core";

type Holder = { askToEnd: () => Promise<void> | void; ended: Promise<void>; end: () => void };

/**
 * Lets one request at a time change an upload. The next request asks the one before to end, which it does after a few seconds. It waits
 * without taking any time of the process. So a client that sends slowly holds up nobody, not even itself on another connection.
 */
export function createUploadLocks(): Locker & { endAll(beginning: string): Promise<void> } {
  const holders = new Map<string, Holder>();
  return {
    /** Asks the requests to end that change an upload whose name begins so: what they write is removed. */
    async endAll(beginning) {
      for (const [upload, { askToEnd }] of holders) if (upload.startsWith(beginning)) await askToEnd();
    },
    newLock(upload) {
      let own: Holder | undefined;
      return {
        async lock(signal, askToEnd) {
          for (let holder = holders.get(upload); holder; holder = holders.get(upload)) {
            await holder.askToEnd();
            await untilAborted(holder.ended, { signal });
          }
          let end = () => {};
          const ended = new Promise<void>((resolve) => (end = resolve));
          own = { askToEnd, ended, end };
          holders.set(upload, own);
        },
        async unlock() {
          if (own && holders.get(upload) === own) holders.delete(upload);
          own?.end();
        },
      };
    },
  };
}
