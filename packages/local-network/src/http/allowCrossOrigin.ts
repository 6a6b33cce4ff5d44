import { cors } from "@connectrpc/connect";

import type { HttpRequest, HttpResponse } from "./messages.ts";

const dayInSeconds = "86400";

/**
 * Lets pages of every origin call the network (CORS).
 *
 * @returns true if the request only asked for permission and is answered.
 */
export function allowCrossOrigin(request: HttpRequest, response: HttpResponse): boolean {
  response.setHeader("access-control-allow-origin", "*");
  response.setHeader("access-control-expose-headers", cors.exposedHeaders.join(", "));
  if (request.method !== "OPTIONS") return false;
  response.setHeader("access-control-allow-methods", "GET, POST");
  response.setHeader("access-control-allow-headers", request.headers["access-control-request-headers"] ?? "*");
  response.setHeader("access-control-allow-private-network", "true");
  response.setHeader("access-control-max-age", dayInSeconds);
  response.statusCode = 204;
  response.end();
  return true;
}
