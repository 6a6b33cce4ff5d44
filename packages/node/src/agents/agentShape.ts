import type { SdkStream, SdkStreamOptions } from "@xmtp-backup/core/sdk";
import type { NodeClient, NodeConversation } from "../host/nodeClient.ts";

/** What `backUpAgent` uses of an `Agent` of `@xmtp/agent-sdk`, by its shape. */
export type BackUpableAgent = {
  readonly client: AgentClient;
  use(middleware: AgentMiddleware): unknown;
  emit(event: "unhandledError", error: Error): unknown;
  listenerCount(event: "unhandledError"): number;
  stop(): Promise<void>;
};

/** The agent's client, which can take other installations out of its inbox. */
export type AgentClient = Omit<NodeClient, "conversations"> & {
  readonly conversations: AgentConversations;
  revokeInstallations(installationIds: Uint8Array[]): Promise<unknown>;
};

/** A middleware of `@xmtp/agent-sdk`: it hands a message on with `next`, or drops it. */
export type AgentMiddleware = (context: { readonly message: AgentMessage }, next: () => Promise<void> | void) => Promise<void>;

/** What is to be known of a message. */
export type AgentMessage = { readonly id: string; readonly conversationId: string; readonly sentAtNs: bigint };

export type AgentStreamOptions = Omit<SdkStreamOptions, "onValue"> & {
  onValue?: (message: AgentMessage) => void;
  onError?: (error: Error) => void;
};

type AgentConversations = Omit<NodeClient["conversations"], "getConversationById" | "streamAllMessages"> & {
  getConversationById(
    id: string,
  ): Promise<(NodeConversation & { messages(options?: { sentAfterNs?: bigint }): Promise<AgentMessage[]> }) | undefined>;
  streamAllMessages(options?: AgentStreamOptions): Promise<SdkStream>;
};
