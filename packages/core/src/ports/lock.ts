import type { CallOptions } from "./callOptions.ts";

/**
 * Lets one writer at a time work for an inbox, across every process or tab that shares its storage.
 *
 * A holder that dies loses its lock.
 */
export interface Lock {
  /** A function that gives the lock back, or undefined when somebody else holds it. */
  tryAcquire(name: string, options?: CallOptions): Promise<(() => Promise<void>) | undefined>;
}
