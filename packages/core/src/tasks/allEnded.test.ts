import { describe, expect, it } from "vitest";
import { allEnded } from "./allEnded.ts";

describe("allEnded", () => {
  it("default: resolves once all have ended", async () => {
    await expect(allEnded([async () => 1, () => Promise.resolve()])).resolves.toBeUndefined();
  });

  it("behavior: a failure waits for the others, and the first one counts", async () => {
    let resolve = (): void => undefined;
    const promise = new Promise<void>((done) => (resolve = done));
    const log: string[] = [];
    const other = () => promise.then(() => log.push("other ended"));
    const fail = (message: string) => () => Promise.reject(new Error(message));
    const all = allEnded([other, fail("first"), fail("second")]).catch((error: unknown) => {
      log.push((error as Error).message);
    });
    log.push("all have failed but one");
    resolve();
    await all;
    expect(log).toEqual(["all have failed but one", "other ended", "first"]);
  });
});
