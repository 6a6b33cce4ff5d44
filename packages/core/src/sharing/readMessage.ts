import { unpackErrors } from "./packErrors.ts";

/** A message as it was posted, its errors as they were; undefined for what only others on the link post, such as another library. */
export function readMessage<T extends { type: string }>(packed: unknown): T | undefined {
  try {
    const message = unpackErrors(packed);
    return typeof message === "object" && message !== null && "type" in message && typeof message.type === "string"
      ? (message as T)
      : undefined;
  } catch {
    // It has no end, as what holds itself.
    return undefined;
  }
}
