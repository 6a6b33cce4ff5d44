import { untilAborted } from "@xmtp-backup/core";

/** So many bytes, or the end, must come within each time that a client is waited for. */
const leastBytes = 1_024;

/** A client that stopped sending, or sends so slowly that it only holds a connection. */
export class SilentClient extends Error {
  constructor() {
    super("The client stopped sending.");
  }
}

/** The same request, with a body that fails once its client sends next to nothing for `timeoutMs`. */
export function withSteadyBody(request: Request, timeoutMs: number): Request {
  if (!request.body) return request;
  const steady = new Request(request.url, {
    method: request.method,
    headers: request.headers,
    body: steadyStream(request.body, timeoutMs),
    duplex: "half",
  });
  // By this the tus server hears at once of a connection that broke, and keeps what has come.
  Object.defineProperty(steady, "runtime", { value: "runtime" in request ? request.runtime : undefined });
  return steady;
}

function steadyStream(body: ReadableStream<Uint8Array>, timeoutMs: number): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const silence = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let heardBytes = 0;

  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(new SilentClient()), timeoutMs);
  };

  return new ReadableStream<Uint8Array>({
    start: wait,
    async pull(controller) {
      try {
        const next = await untilAborted(reader.read(), { signal: silence.signal });
        if (next.done) {
          clearTimeout(timer);
          return controller.close();
        }
        heardBytes += next.value.length;
        if (heardBytes >= leastBytes) {
          heardBytes = 0;
          wait();
        }
        controller.enqueue(next.value);
      } catch (error) {
        clearTimeout(timer);
        throw error;
      }
    },
    async cancel(reason) {
      clearTimeout(timer);
      await reader.cancel(reason);
    },
  });
}
