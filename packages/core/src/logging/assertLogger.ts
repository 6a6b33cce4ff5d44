import { invalid } from "../errors/assertOptions.ts";

/** @throws OPTIONS_INVALID when a logger lacks a method, or is something else altogether */
export function assertLogger(logger: unknown): void {
  if (logger === undefined || logger === false) return;
  const lacking = ["debug", "info", "warn", "error"].find(
    (level) => typeof (logger as Record<string, unknown> | null)?.[level] !== "function",
  );
  if (lacking !== undefined) throw invalid(`logger has no method ${lacking}.`);
}
