import type { HttpRequest } from "../http/messages.ts";

/** The request's content type if it is one of gRPC or grpc-web, which is also the response's. */
export function grpcContentType(request: HttpRequest): string | undefined {
  const contentType = request.headers["content-type"];
  return contentType !== undefined && /^application\/grpc(-web)?(\+(proto|json))?$/.test(contentType) ? contentType : undefined;
}
