import { type CallName, callNames } from "./calls/callName.ts";
import type { Feed } from "./live/createFeed.ts";
import type { Store } from "./store/openStore.ts";

/** What a network has seen and what it holds. */
export type Stats = {
  /** How often each RPC and route was called since the network started, whatever came of it. */
  calls: Record<CallName, number>;
  /** Inboxes that exist. */
  inboxes: number;
  /** Identity updates of all inboxes. */
  identityUpdates: number;
  /** Installations with a key package. */
  installations: number;
  /** Groups and DMs that have messages. History sync has groups of its own, one an inbox, that count too. */
  groups: number;
  /** Messages of all groups, commits included. */
  groupMessages: number;
  welcomeMessages: number;
  commitLogEntries: number;
  /** Files of history sync. */
  files: number;
  /** Streams that are open now. */
  openSubscriptions: { groupMessages: number; welcomeMessages: number };
};

/** Counts calls. */
export function createCallCounter() {
  const calls = Object.fromEntries(callNames.map((call) => [call, 0])) as Record<CallName, number>;
  return {
    onCall: (call: CallName): void => void (calls[call] += 1),
    snapshot: (): Record<CallName, number> => ({ ...calls }),
  };
}

/** Counts what is there now. */
export function readStats(calls: Stats["calls"], store: Store, feeds: { groupMessages: Feed; welcomeMessages: Feed }): Stats {
  return {
    calls,
    inboxes: store.identityUpdates.countTopics(),
    identityUpdates: store.identityUpdates.countEntries(),
    installations: store.keyPackages.count(),
    groups: store.groupMessages.countTopics(),
    groupMessages: store.groupMessages.countEntries(),
    welcomeMessages: store.welcomeMessages.countEntries(),
    commitLogEntries: store.commitLog.countEntries(),
    files: store.files.count(),
    openSubscriptions: {
      groupMessages: feeds.groupMessages.countFollowers(),
      welcomeMessages: feeds.welcomeMessages.countFollowers(),
    },
  };
}
