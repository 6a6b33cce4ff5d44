import { vi } from "vitest";

const { waitFor } = vi;

/**
 * Lets `vi.waitFor` ask every five milliseconds instead of every fifty, for up to fifteen seconds instead of one: a test is fast on a quiet
 * machine, and holds on a busy one.
 */
vi.waitFor = (callback, options) =>
  waitFor(callback, { interval: 5, timeout: 15_000, ...(typeof options === "number" ? { timeout: options } : options) });
