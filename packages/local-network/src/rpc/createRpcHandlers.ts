import { createConnectRouter } from "@connectrpc/connect";
import { compressionGzip } from "@connectrpc/connect-node";
import type { UniversalHandler } from "@connectrpc/connect/protocol";

import type { RpcName } from "../calls/callName.ts";
import { IdentityApi } from "../gen/xmtp/identity/api/v1/identity_pb.ts";
import { MlsApi } from "../gen/xmtp/mls/api/v1/mls_pb.ts";
import type { Feed } from "../live/createFeed.ts";
import { commitLogService } from "../services/commitLogService.ts";
import { groupMessageService } from "../services/groupMessageService.ts";
import { identityService } from "../services/identityService.ts";
import { keyPackageService } from "../services/keyPackageService.ts";
import { welcomeMessageService } from "../services/welcomeMessageService.ts";
import type { Store } from "../store/openStore.ts";

/** The largest request message that XMTP's nodes accept, in bytes. */
const maxRequestBytes = 50 * 1024 * 1024;

/** What the RPCs work on. */
export type RpcContext = {
  store: Store;
  groupMessages: Feed;
  welcomeMessages: Feed;
  /** Aborted when the network closes. */
  closing: AbortSignal;
};

/** A handler of one RPC, for gRPC and grpc-web. */
export type RpcHandler = { name: RpcName; handle: UniversalHandler };

/** The handlers of all RPCs by request path. */
export function createRpcHandlers(context: RpcContext): ReadonlyMap<string, RpcHandler> {
  const { store, groupMessages, welcomeMessages, closing } = context;
  const router = createConnectRouter({
    grpc: true,
    grpcWeb: true,
    connect: false,
    acceptCompression: [compressionGzip],
    // Requests may be compressed; compressing answers would gain nothing on loopback.
    compressMinBytes: Infinity,
    readMaxBytes: maxRequestBytes,
    shutdownSignal: closing,
  });
  router.service(MlsApi, {
    ...keyPackageService(store.keyPackages),
    ...groupMessageService(groupMessages),
    ...welcomeMessageService(welcomeMessages),
    ...commitLogService(store.commitLog),
  });
  router.service(IdentityApi, identityService(store));
  return new Map(router.handlers.map((handle) => [handle.requestPath, { name: handle.method.name as RpcName, handle }]));
}
