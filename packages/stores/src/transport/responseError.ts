import { BackupError, type BackupErrorCode } from "@xmtp-backup/core";
import { clockSkewMs } from "./clockSkewMs.ts";
import { retryAfterMs } from "./retryAfterMs.ts";
import { TransientFailure } from "./transientFailure.ts";

const codes: Readonly<Record<number, BackupErrorCode>> = {
  401: "STORE_UNAUTHENTICATED",
  403: "STORE_DENIED",
  404: "STORE_UNAVAILABLE",
  410: "STORE_UNAVAILABLE",
  413: "STORE_FULL",
  507: "STORE_FULL",
};

/** 520 to 524 are a proxy's (Cloudflare): the server behind it could not be reached, or took too long. */
const passing = new Set([408, 423, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524]);

/** Says what a refusing response means for a store. The server's own text is not repeated: it may hold anything. */
export function responseError(response: Response, shortMessage: string, nowMs: number): Error {
  const { status, headers } = response;
  const details = `The server answered ${status}${isPage(headers) ? " with a web page" : ""}.`;
  if (passing.has(status))
    return new TransientFailure(new BackupError("STORE_UNAVAILABLE", shortMessage, { details }), {
      status,
      waitMs: retryAfterMs(headers, nowMs),
    });
  const skewMs = status === 401 || status === 403 ? clockSkewMs(headers, nowMs) : 0;
  if (skewMs === 0) return new BackupError(codes[status] ?? "STORE_FAILED", shortMessage, { details });
  const minutes = Math.round(Math.abs(skewMs) / 60_000);
  return new BackupError("STORE_CLOCK_SKEWED", shortMessage, {
    details: `${details} This device's clock is ${minutes} minutes ${skewMs > 0 ? "ahead" : "behind"}.`,
  });
}

/** Whether a response is a page for people, as captive portals, proxies and wrong addresses answer. */
export function isPage(headers: Headers): boolean {
  return /^\s*(text\/html|application\/xhtml\+xml)/i.test(headers.get("content-type") ?? "");
}
