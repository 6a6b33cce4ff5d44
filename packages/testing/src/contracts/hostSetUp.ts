import type { Host } from "@xmtp-backup/core";
import type { ContractCase } from "./contractCase.ts";

/** A change of a conversation's own data: its name, its timer set or taken away, its admins, its members, a request of the user to leave it. */
export type ConversationChange = "name" | "timer" | "noTimer" | "admins" | "people" | "leave";

/**
 * A host whose client holds two conversations (a group and a DM) with two messages each. Both are allowed, and so is the peer of the DM.
 * `fresh` gives a host over a new, empty installation of the same inbox; `close` closes the first client.
 */
export type HostSetUp = () => Promise<{
  host: Host;
  fresh: () => Promise<Host>;
  close: () => Promise<void>;
  /** Lets somebody add the first client to a new conversation. */
  invite: () => Promise<void>;
  /** Lets the user of the first client deny a conversation. */
  deny: (conversationId: string) => Promise<void>;
  /** Lets the user of the first client change a conversation, a DM's timer alone. Left out where the host has no `revisionOf`. */
  change?: (conversationId: string, what: ConversationChange) => Promise<void>;
  /** Lets the user of the first client send a message. Left out where the host has no `revisionOf`. */
  say?: (conversationId: string) => Promise<void>;
  /**
   * Loses the state of a conversation in the first client's database, and gives a host over what is left. Left out where nobody can
   * do that.
   */
  breakState?: (conversationId: string) => Promise<Host>;
  dispose?: () => Promise<void>;
}>;

export type HostWorld = Awaited<ReturnType<HostSetUp>>;

/** Makes a case that has a world of its own. */
export type WithHost = (name: string, run: (world: HostWorld) => Promise<void>) => ContractCase;
