import { describe, expect, it } from "vitest";
import { nodeHost } from "../src/host/nodeHost.ts";
import { startWorld } from "./support/world.ts";

describe("a client of the SDK", () => {
  it.each([
    ["exports one archive at a time of its encrypted database", true, 1],
    ["exports several side by side of a database without a key", false, 2],
  ])("behavior: %s", async (_name, encrypted, atLeast) => {
    const world = await startWorld();
    try {
      const client = await world.open(world.newPerson(), { encrypted });
      const { parallelExports } = nodeHost(client).features;
      expect(encrypted ? parallelExports : Math.min(2, parallelExports)).toBe(atLeast);
    } finally {
      await world.dispose();
    }
  });
});
