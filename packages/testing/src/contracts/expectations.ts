import { type BackupErrorCode, isBackupError } from "@xmtp-backup/core";

/** Fails the case unless `condition` holds. */
export function expectThat(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`The contract is broken: ${what}`);
}

export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  const [a, b] = [describeValue(actual), describeValue(expected)];
  expectThat(a === b, `${what}: expected ${b}, got ${a}`);
}

/** Fails the case unless `work` rejects with a `BackupError` of one of the codes. */
export async function expectRefusal(work: () => Promise<unknown>, codes: readonly BackupErrorCode[], what: string): Promise<void> {
  const error = await rejectionOf(work);
  expectThat(isBackupError(error), `${what}: expected a BackupError, got ${String(error)}`);
  expectThat(codes.includes(error.code), `${what}: expected ${codes.join(" or ")}, got ${error.code}`);
}

/** Fails the case unless `work` rejects with the very reason of the signal. */
export async function expectAbort(work: (signal: AbortSignal) => Promise<unknown>, what: string): Promise<void> {
  const controller = new AbortController();
  const reason = new Error("The test aborted this.");
  controller.abort(reason);
  const error = await rejectionOf(() => work(controller.signal));
  expectThat(error === reason, `${what}: expected the signal's reason, got ${String(error)}`);
}

async function rejectionOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  return undefined;
}

function describeValue(value: unknown): string {
  if (value instanceof Uint8Array) return `bytes ${[...value].join(",")}`;
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === "bigint" ? `${each}n` : each)) ?? "undefined";
}
