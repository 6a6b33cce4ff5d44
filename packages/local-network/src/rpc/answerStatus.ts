import { type GrpcCode, grpcCodes } from "../faults/grpcCodes.ts";
import type { HttpResponse } from "../http/messages.ts";

/** Ends a gRPC or grpc-web call with nothing but a status. */
export function answerStatus(response: HttpResponse, contentType: string, code: GrpcCode, message: string): void {
  response.setHeader("content-type", contentType);
  response.setHeader("grpc-status", String(grpcCodes[code]));
  response.setHeader("grpc-message", encodeURIComponent(message));
  // Over HTTP/2 such an answer has to be a single frame.
  if ("stream" in response) response.stream.respond({ ":status": 200, ...response.getHeaders() }, { endStream: true });
  else response.end();
}
