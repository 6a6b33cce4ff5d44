import { expect, it } from "vitest";
import { createPace } from "./createPace.ts";

it("default: gives the event loop a turn once it had none for a while", async () => {
  let timeMs = 0;
  const pace = createPace(undefined, () => timeMs);
  let turns = 0;
  setImmediate(() => (turns += 1));
  timeMs = 7;
  await pace();
  expect(turns).toBe(0);
  timeMs = 9;
  await pace();
  expect(turns).toBe(1);
  setImmediate(() => (turns += 1));
  timeMs = 16;
  await pace();
  expect(turns).toBe(1);
});

it("parameters: signal: a turn is refused once it is aborted", async () => {
  let timeMs = 0;
  const controller = new AbortController();
  const pace = createPace(controller.signal, () => timeMs);
  controller.abort();
  timeMs = 9;
  await expect(pace()).rejects.toThrow("abort");
});
