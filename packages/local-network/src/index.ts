export type { CallName, HistoryRouteName, RpcName } from "./calls/callName.ts";
export type { DelayOptions, DropKind, DropOptions, Faults, FaultTimes, RefuseOptions } from "./faults/createFaults.ts";
export type { GrpcCode } from "./faults/grpcCodes.ts";
export { type LocalNetwork, type LocalNetworkOptions, startLocalNetwork } from "./startLocalNetwork.ts";
export type { Stats } from "./stats.ts";
