/** How long a server asks to be left alone, in milliseconds: `Retry-After` in seconds or as a date. */
export function retryAfterMs(headers: Headers, nowMs: number): number {
  const value = headers.get("retry-after")?.trim() ?? "";
  if (/^\d+$/.test(value)) return Number(value) * 1_000;
  // A date counts from the server's own clock, where it tells it.
  const serverMs = Date.parse(headers.get("date") ?? "");
  const waitMs = Date.parse(value) - (Number.isNaN(serverMs) ? nowMs : serverMs);
  return waitMs > 0 ? waitMs : 0;
}
