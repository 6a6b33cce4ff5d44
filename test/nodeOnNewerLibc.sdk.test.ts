import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { testedSdks } from "../scripts/sdks/testedSdks.ts";
import { newerNodeOrSkip } from "./newerNodeOrSkip.ts";

const run = promisify(execFile);

test("default: a Node of the same version that loads node-sdk 6.0.0", { timeout: 120_000 }, async (context) => {
  const node = newerNodeOrSkip(context);
  const sdk = testedSdks.find(({ needsNewerLibc }) => needsNewerLibc);
  const script = `const { Client } = await import(${JSON.stringify(new URL("dist/index.js", sdk?.folder).href)}); console.log(process.version, typeof Client.prototype.createArchive)`;
  const { stdout } = await run(node, ["--input-type=module", "--eval", script]);
  expect(stdout.trim()).toBe(`${process.version} function`);
});

test("behavior: what it starts runs on it too", { timeout: 120_000 }, async (context) => {
  const node = newerNodeOrSkip(context);
  const { stdout } = await run(node, ["--eval", "console.log(process.execPath)"]);
  expect(stdout.trim()).toBe(node);
});
