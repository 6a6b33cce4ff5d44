import { type Client, createClient } from "@connectrpc/connect";
import { createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";

import { IdentityApi } from "../../src/gen/xmtp/identity/api/v1/identity_pb.ts";
import { MlsApi } from "../../src/gen/xmtp/mls/api/v1/mls_pb.ts";

/** Clients of both services. */
export type RpcClients = { mls: Client<typeof MlsApi>; identity: Client<typeof IdentityApi> };

/** Speaks native gRPC, as the node SDK does. */
export function grpcClients({ url: baseUrl }: { url: string }): RpcClients {
  const transport = createGrpcTransport({ baseUrl });
  return { mls: createClient(MlsApi, transport), identity: createClient(IdentityApi, transport) };
}

/** Speaks grpc-web over HTTP/1.1, as the browser SDK does. */
export function grpcWebClients({ url: baseUrl }: { url: string }): RpcClients {
  const transport = createGrpcWebTransport({ baseUrl, httpVersion: "1.1" });
  return { mls: createClient(MlsApi, transport), identity: createClient(IdentityApi, transport) };
}
