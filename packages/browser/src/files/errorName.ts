/** The browser's name of an error, for example `QuotaExceededError`. */
export function errorName(error: unknown): string | undefined {
  return error instanceof Error ? error.name : undefined;
}

export function isMissing(error: unknown): boolean {
  return errorName(error) === "NotFoundError";
}
