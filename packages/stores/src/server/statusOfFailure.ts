/** What is answered where something failed on the server: that its disk is full, or no more than that it failed. */
export function statusOfFailure(error: unknown): 500 | 507 {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOSPC" || code === "EDQUOT" ? 507 : 500;
}
