import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KillWorld, startKillWorld } from "./support/killWorld.ts";

describe("an app that ends", () => {
  let world: KillWorld;
  beforeAll(async () => {
    world = await startKillWorld({ messages: 5 });
  });
  afterAll(() => world.dispose());

  it("behavior: once backups are stopped and the client is closed, nothing keeps the process alive", { timeout: 60_000 }, async () => {
    const { assignment } = await world.newPhone();
    const child = await world.runChild({ ...assignment, task: "restore", endByItself: true });
    expect(child.report).toEqual({ kind: "succeeded" });
    await child.ended();
  });
});
