import type { HistorySync, SyncArchive } from "@xmtp-backup/core";

/** What one installation offers: an archive, and the key that only installations of the same inbox learn. */
export type FakeOffer = SyncArchive & { inboxId: string; archive: Blob; key: Uint8Array };

/** What carries history between the fake hosts that are made with it. */
export type FakeHistoryServer = {
  /** The time in milliseconds since 1970. */
  now(): number;
  /** Oldest first; to look at and to change. */
  offers: FakeOffer[];
  /** Those who answer requests automatically, by installation id. */
  answering: Map<string, { inboxId: string; send: HistorySync["send"] }>;
};

/**
 * A history server in memory: fake hosts of one inbox that share it can offer each other their history.
 *
 * @example
 * ```ts
 * import { fakeHistoryServer, fakeHost, fakeInbox } from "@xmtp-backup/testing";
 *
 * const historyServer = fakeHistoryServer();
 * const old = fakeHost({ inbox: fakeInbox(), historyServer });
 * const fresh = fakeHost({ historyServer });
 * await old.historySync?.send("1234");
 * await fresh.historySync?.process("1234");
 * ```
 */
export function fakeHistoryServer(now: () => number = Date.now): FakeHistoryServer {
  return { now, offers: [], answering: new Map() };
}
