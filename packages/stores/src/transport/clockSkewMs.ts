/** From here on servers begin to refuse signatures and tokens for their time. */
const toleratedMs = 5 * 60_000;

/** How far this device's clock is ahead of the server's, in milliseconds; 0 where it is near enough or the server does not tell. */
export function clockSkewMs(headers: Headers, nowMs: number): number {
  const skewMs = nowMs - Date.parse(headers.get("date") ?? "");
  return Math.abs(skewMs) > toleratedMs ? skewMs : 0;
}
