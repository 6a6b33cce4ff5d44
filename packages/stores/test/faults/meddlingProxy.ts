import { type IncomingMessage, request, type ServerResponse } from "node:http";
import { listen } from "../loopback.ts";

/** Asks the real server: `answer` hands over its answer, which is nobody's until somebody pipes or drops it. */
export type Exchange = { request: IncomingMessage; response: ServerResponse; forward: () => Promise<IncomingMessage> };

/** Stands before a server; `meddle` answers in its place, or returns false to let the real answer through. */
export async function meddlingProxy(upstream: string, meddle: (exchange: Exchange) => boolean | Promise<boolean>) {
  const seen: string[] = [];
  const { url, close } = await listen((incoming, response) => {
    seen.push(`${incoming.method} ${incoming.url}`);
    const forward = () =>
      new Promise<IncomingMessage>((resolve, reject) => {
        const onward = request(new URL(incoming.url ?? "/", upstream), { method: incoming.method, headers: incoming.headers }, resolve);
        onward.on("error", reject);
        incoming.pipe(onward);
      });
    void (async () => {
      if (await meddle({ request: incoming, response, forward })) return;
      const answer = await forward();
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    })().catch(() => response.destroy());
  });
  return { url, close, seen };
}
