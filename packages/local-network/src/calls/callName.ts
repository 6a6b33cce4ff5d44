/** The RPCs that a network answers. */
export const rpcNames = [
  "UploadKeyPackage",
  "FetchKeyPackages",
  "SendGroupMessages",
  "SendWelcomeMessages",
  "QueryGroupMessages",
  "QueryWelcomeMessages",
  "SubscribeGroupMessages",
  "SubscribeWelcomeMessages",
  "GetNewestGroupMessage",
  "BatchPublishCommitLog",
  "BatchQueryCommitLog",
  "PublishIdentityUpdate",
  "GetIdentityUpdates",
  "GetInboxIds",
] as const;

/** The routes of history sync. */
export const historyRouteNames = ["POST /upload", "GET /files"] as const;

/** An RPC that a network answers. */
export type RpcName = (typeof rpcNames)[number];

/** A route of history sync. */
export type HistoryRouteName = (typeof historyRouteNames)[number];

/** Anything that can be called, counted and made to fail. */
export type CallName = RpcName | HistoryRouteName;

/** All of them. */
export const callNames: readonly CallName[] = [...rpcNames, ...historyRouteNames];
