import { universalRequestFromNodeRequest } from "@connectrpc/connect-node";
import type { UniversalHandler } from "@connectrpc/connect/protocol";

import type { ServeOptions } from "../http/serveOptions.ts";
import { cut, type HttpRequest, type HttpResponse, sendHead } from "../http/messages.ts";
import { grpcContentType } from "./grpcContentType.ts";
import { writeResponse } from "./writeResponse.ts";

/** Answers one call with the RPC's handler. */
export async function serveRpc(
  handle: UniversalHandler,
  request: HttpRequest,
  response: HttpResponse,
  { dropAnswer }: ServeOptions,
): Promise<void> {
  const contentType = request.method === "POST" ? grpcContentType(request) : undefined;
  if (contentType !== undefined && handle.method.methodKind === "server_streaming" && !dropAnswer) {
    // Clients wait for the headers of a subscription before they go on, and its first message may be hours away.
    sendHead(response, 200, { "content-type": contentType });
  }
  const answer = await handle(universalRequestFromNodeRequest(request, response, undefined, undefined));
  if (dropAnswer) cut(response);
  else await writeResponse(answer, response);
}
