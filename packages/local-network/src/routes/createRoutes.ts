import type { CallName } from "../calls/callName.ts";
import type { RpcHandler } from "../rpc/createRpcHandlers.ts";
import { serveRpc } from "../rpc/serveRpc.ts";
import type { Files } from "../store/createFiles.ts";
import { type HttpAnswer, receiveFile, sendFile, writeAnswer } from "../http/historyRoutes.ts";
import { cut, type HttpRequest, type HttpResponse } from "../http/messages.ts";
import type { ServeOptions } from "../http/serveOptions.ts";

/** A call that the network knows, and what answers it. */
export type Route = {
  call: CallName;
  serve(request: HttpRequest, response: HttpResponse, options: ServeOptions): Promise<void>;
};

/** Finds what answers a method and a path. */
export type FindRoute = (method: string, path: string) => Route | undefined;

/** The routes of all RPCs and of history sync. */
export function createRoutes(rpcHandlers: ReadonlyMap<string, RpcHandler>, files: Files): FindRoute {
  const upload = historyRoute("POST /upload", (request) => receiveFile(files, request));
  const filesPrefix = "/files/";

  return (method, path) => {
    const rpc = rpcHandlers.get(path);
    if (rpc) return { call: rpc.name, serve: (...exchange) => serveRpc(rpc.handle, ...exchange) };
    if (method === "POST" && path === "/upload") return upload;
    if (method === "GET" && path.startsWith(filesPrefix)) {
      return historyRoute("GET /files", () => sendFile(files, path.slice(filesPrefix.length)));
    }
    return undefined;
  };
}

function historyRoute(call: CallName, answer: (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>): Route {
  return {
    call,
    async serve(request, response, { dropAnswer }) {
      const answered = await answer(request);
      if (dropAnswer) cut(response);
      else writeAnswer(response, answered);
    },
  };
}
