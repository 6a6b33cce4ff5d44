import type { Element } from "./element.ts";
import type { SyncArchive } from "./syncArchive.ts";
import type { CallOptions } from "./callOptions.ts";

export type HistorySyncOptions = CallOptions & {
  /** @default both */
  elements?: readonly Element[];
  /** Leave out messages that disappear after a time. @default the policy's setting, which is false */
  excludeDisappearingMessages?: boolean;
};

/**
 * XMTP's other way to get history: another installation of the same user sends it through a history server.
 *
 * Every method throws `CLIENT_CLOSED` once the client is closed, and `HISTORY_SYNC_FAILED` when the SDK or the server fails.
 */
export interface HistorySync {
  /** Asks the user's other installations for their history; one that is online, with device sync on, answers automatically. */
  request(options?: HistorySyncOptions): Promise<void>;
  /**
   * Offers this installation's history to the others under a pin.
   *
   * An installation that was made after the others is certain to see it only if it made a `request` before.
   */
  send(pin: string, options?: HistorySyncOptions): Promise<void>;
  /** What other installations have offered in the last so many days, newest first; fetches what is new before. */
  list(days: number, options?: CallOptions): Promise<SyncArchive[]>;
  /** Imports what was offered under the pin, or the newest offer. */
  process(pin: string | undefined, options?: CallOptions): Promise<void>;
}
