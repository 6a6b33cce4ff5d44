import type { CallOptions } from "@xmtp-backup/core";

/** Ends an exchange in which nothing has been heard for too long, or which its caller aborts. */
export type Silence = {
  /** Aborts with the caller's reason, or with a `TimeoutError`. */
  signal: AbortSignal;
  /** Something was heard: the time begins again. */
  heard(): void;
  end(): void;
};

export function watchSilence(timeoutMs: number, { signal: outer }: CallOptions): Silence {
  const controller = new AbortController();
  const stop = () => controller.abort(outer?.reason);
  const expire = () => controller.abort(new DOMException("The server said nothing for too long.", "TimeoutError"));
  outer?.addEventListener("abort", stop, { once: true });
  if (outer?.aborted) stop();
  let timer = setTimeout(expire, timeoutMs);
  return {
    signal: controller.signal,
    heard() {
      clearTimeout(timer);
      timer = setTimeout(expire, timeoutMs);
    },
    end() {
      clearTimeout(timer);
      outer?.removeEventListener("abort", stop);
    },
  };
}
