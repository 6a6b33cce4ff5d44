/** Calls what an app has passed to hear things; that it throws, or that its promise rejects, is its own affair. */
export function harmless(call: () => unknown): void {
  // A promise takes what is thrown in its making as what rejects it.
  new Promise((resolve) => resolve(call())).catch(() => undefined);
}
