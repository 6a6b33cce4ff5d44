import { vi } from "vitest";

/** Polls until a condition holds; fails after ten seconds. */
export async function until(condition: () => boolean): Promise<void> {
  await vi.waitFor(() => {
    if (!condition()) throw new Error(`It never came to be that ${condition.toString()}`);
  }, { timeout: 10_000, interval: 1 });
}
