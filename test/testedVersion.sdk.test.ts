import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import * as nodeSdk from "@xmtp/node-sdk";
import { expect, test } from "vitest";
import { type SdkName, testedSdk } from "../scripts/sdks/sdkVariables.ts";
import { bundleEntry } from "./browser/bundleEntry.ts";

const { resolve } = createRequire(import.meta.url);
const moduleOf = (name: SdkName) => new URL("dist/index.js", testedSdk(name));

test("default: a process imports the versions that are tested", async () => {
  for (const name of ["@xmtp/node-sdk", "@xmtp/browser-sdk"] as const) expect(pathToFileURL(resolve(name)).href).toBe(moduleOf(name).href);
  const { Client } = (await import(/* @vite-ignore */ moduleOf("@xmtp/node-sdk").href)) as typeof nodeSdk;
  expect(nodeSdk.Client).toBe(Client);
});

test("default: a page gets the version that is tested", async () => {
  const page = await bundleEntry(new URL("../packages/browser/test/pages/openClient.ts", import.meta.url));
  const [, map = ""] = page.split("sourceMappingURL=data:application/json;base64,");
  const { sources } = JSON.parse(Buffer.from(map, "base64").toString()) as { sources: string[] };
  const [, folder = ""] = testedSdk("@xmtp/browser-sdk").href.split("/node_modules/");
  expect(sources.filter((source) => source.includes("browser-sdk"))).not.toHaveLength(0);
  expect(sources.filter((source) => source.includes("browser-sdk") && !source.includes(`node_modules/${folder}`))).toEqual([]);
});
