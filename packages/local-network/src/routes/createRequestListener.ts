import { setTimeout as wait } from "node:timers/promises";

import type { CallName } from "../calls/callName.ts";
import type { Fault, TakeFault } from "../faults/createFaults.ts";
import { answerStatus } from "../rpc/answerStatus.ts";
import { grpcContentType } from "../rpc/grpcContentType.ts";
import { allowCrossOrigin } from "../http/allowCrossOrigin.ts";
import type { FindRoute, Route } from "./createRoutes.ts";
import { writeAnswer } from "../http/historyRoutes.ts";
import { cut, type HttpRequest, type HttpResponse } from "../http/messages.ts";

/** What happens around every call. */
export type RequestContext = {
  findRoute: FindRoute;
  onCall(call: CallName): void;
  takeFault: TakeFault;
  /** Aborted when the network closes. */
  closing: AbortSignal;
};

/** Answers requests: permission for pages first, then the fault that is due, then the route. Never throws. */
export function createRequestListener(context: RequestContext) {
  return (request: HttpRequest, response: HttpResponse): void => {
    // A client may go away at any moment; the route notices that elsewhere.
    request.on("error", ignore);
    response.on("error", ignore);
    answer(context, request, response).catch(() => cut(response));
  };
}

async function answer(context: RequestContext, request: HttpRequest, response: HttpResponse): Promise<void> {
  if (allowCrossOrigin(request, response)) return;
  const [path = ""] = (request.url ?? "").split("?", 1);
  const route = context.findRoute(request.method ?? "", path);
  if (route === undefined) return answerUnknown(path, request, response);
  context.onCall(route.call);
  const fault = context.takeFault(route.call);
  if (fault?.kind === "refuse") return refuse(route, fault, request, response);
  if (fault?.kind === "drop" && fault.drop === "silence") return;
  if (fault?.kind === "drop" && fault.drop === "cut") return cut(response);
  if (fault?.kind === "delay") await wait(fault.ms, undefined, { signal: context.closing });
  await route.serve(request, response, { dropAnswer: fault?.kind === "drop" });
}

function answerUnknown(path: string, request: HttpRequest, response: HttpResponse): void {
  request.resume();
  const contentType = grpcContentType(request);
  if (contentType === undefined) return writeAnswer(response, { status: 404, body: "not found" });
  answerStatus(response, contentType, "UNIMPLEMENTED", `unknown method ${path}`);
}

function refuse({ call }: Route, { code }: Extract<Fault, { kind: "refuse" }>, request: HttpRequest, response: HttpResponse): void {
  request.resume();
  const contentType = grpcContentType(request);
  const message = `${call} refused on demand`;
  if (contentType === undefined) return writeAnswer(response, { status: 503, body: message });
  answerStatus(response, contentType, code, message);
}

function ignore(): void {}
