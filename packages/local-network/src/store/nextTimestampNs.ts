let last = 0n;

/** The current time in nanoseconds since 1970, later than every one handed out before. */
export function nextTimestampNs(): bigint {
  const now = BigInt(Date.now()) * 1_000_000n;
  last = now > last ? now : last + 1n;
  return last;
}
