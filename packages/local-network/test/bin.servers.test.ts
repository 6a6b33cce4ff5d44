import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { describe, expect, test } from "vitest";

import { startLocalNetwork } from "../src/index.ts";
import { useDirectory } from "./support/useDirectory.ts";

const directory = useDirectory();
const bin = join(import.meta.dirname, "../src/bin.ts");

function run(...args: string[]) {
  const child = spawn(process.execPath, [bin, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let errors = "";
  child.stderr.on("data", (chunk) => (errors += String(chunk)));
  const exited = once(child, "close").then(([code]) => ({ code: code as number | null, errors }));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, exited, firstLine: async () => (await lines.next()).value as string };
}

describe("xmtp-local-network", () => {
  test.each(["SIGINT", "SIGTERM"] as const)("behavior: serves until %s", async (signal) => {
    const { child, exited, firstLine } = run("--port", "0");
    const url = await firstLine();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(`${url}/files/none`)).status).toBe(404);
    child.kill(signal);
    expect(await exited).toEqual({ code: 0, errors: "" });
  });

  test("parameters: --persist-to", async () => {
    const file = join(directory, "network.sqlite");
    const ids: string[] = [];
    for (const body of ["one", "two"]) {
      const { child, exited, firstLine } = run("--port", "0", "--persist-to", file);
      const url = await firstLine();
      ids.push(await (await fetch(`${url}/upload`, { method: "POST", body })).text());
      expect(await (await fetch(`${url}/files/${ids[0]}`)).text()).toBe("one");
      child.kill("SIGKILL");
      await exited;
    }
    const network = await startLocalNetwork({ persistTo: file });
    expect(network.stats().files).toBe(2);
    await network.close();
  });

  test("parameters: --help", async () => {
    const { exited, firstLine } = run("--help");
    expect(await firstLine()).toBe("Usage: xmtp-local-network [options]");
    expect(await exited).toEqual({ code: 0, errors: "" });
  });

  test("behavior: says what it doesn't understand", async () => {
    const { code, errors } = await run("--prot", "1").exited;
    expect([code, errors]).toEqual([2, expect.stringContaining("Unknown option '--prot'")]);
  });

  test("behavior: says why it can't start", async () => {
    const network = await startLocalNetwork();
    const { code, errors } = await run("--port", String(network.port)).exited;
    expect([code, errors]).toEqual([1, expect.stringContaining("EADDRINUSE")]);
    await network.close();
  });
});
