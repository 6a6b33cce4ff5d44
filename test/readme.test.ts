import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLocalNetwork } from "@xmtp-backup/local-network";
import { describe, expect, it } from "vitest";
import { createPerson } from "../examples/demo/src/people.ts";

const readme = new URL("../README.md", import.meta.url);

describe("README", () => {
  it("default: its example compiles, runs, and takes about twenty lines", async () => {
    const text = await readFile(readme, "utf8");
    const example = /```ts\n([\s\S]*?)```/.exec(text)?.[1] ?? "";
    expect(example.split("\n").filter((line) => line.trim()).length).toBeLessThanOrEqual(23);
    expect(example).toBe(await readFile(new URL("readmeExample.ts", import.meta.url), "utf8"));
    const { keepSafe } = (await import("./readmeExample.ts"));

    const folder = await mkdtemp(join(tmpdir(), "xmtp-backup-readme-"));
    const network = await startLocalNetwork();
    const workingFolder = process.cwd();
    const client = await createPerson(network.url, folder).openOn("laptop");
    try {
      process.chdir(folder);
      const backups = await keepSafe(client);
      expect(await backups.list()).toMatchObject([{ details: { name: "Before the update" } }]);
      backups.stop();
    } finally {
      process.chdir(workingFolder);
      // @xmtp/node-sdk 6.0.0 has no close(): there a client ends with its process.
      await client.close?.();
      await network.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
