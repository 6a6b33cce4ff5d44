import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { ESLint } from "eslint";
import { expect, test } from "vitest";
import { root } from "../scripts/packages/readPackages.ts";

const eslint = new ESLint({ cwd: root });

async function sourcesOf(name: string): Promise<string[]> {
  const folder = join(root, "packages", name, "src");
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile() && /(?<!\.test)\.tsx?$/.test(file.name) && !file.parentPath.includes("gen"))
    .map((file) => join(file.parentPath, file.name));
}

/** What the rule about imports says of a file with these imports. */
async function refused(file: string, ...imports: string[]): Promise<string[]> {
  const config = (await eslint.calculateConfigForFile(join(root, file))) as {
    rules: Record<string, [number, { patterns: { regex: string; message: string }[] }]>;
  };
  const patterns = config.rules["no-restricted-imports"]?.[1].patterns ?? [];
  return imports.filter((specifier) => patterns.some(({ regex }) => new RegExp(regex, "u").test(specifier)));
}

test.each(await readdir(join(root, "packages")))("default: every source of %s is held to what it may import", async (name) => {
  const sources = await sourcesOf(name);
  expect(sources).not.toHaveLength(0);
  for (const source of sources) {
    const { rules } = (await eslint.calculateConfigForFile(source)) as { rules: Record<string, unknown[]> };
    expect(rules["no-restricted-imports"]?.[0], source).toBe(2);
  }
});

test.each(["google-drive", "http", "mirror", "s3", "webdav"])(
  "behavior: in stores, %s knows no Node, no other package than core, no other place and no server",
  async (place) => {
    const wrong = [
      "node:fs",
      "@xmtp/node-sdk",
      "@xmtp-backup/node",
      "../server/files.ts",
      ...["google-drive", "http", "mirror", "s3", "webdav"].filter((other) => other !== place).map((other) => `../${other}/index.ts`),
    ];
    expect(
      await refused(
        `packages/stores/src/${place}/index.ts`,
        ...wrong,
        "@xmtp-backup/core",
        "../transport/transport.ts",
        "./driveStatus.ts",
      ),
    ).toEqual(wrong);
  },
);

test("behavior: what places share knows none of them, and the server knows the protocol only", async () => {
  expect(
    await refused("packages/stores/src/transport/transport.ts", "../http/protocol.ts", "../server/files.ts", "node:fs", "../layout.ts"),
  ).toEqual(["../http/protocol.ts", "../server/files.ts", "node:fs"]);
  expect(
    await refused(
      "packages/stores/src/server/files.ts",
      "../http/httpStore.ts",
      "../s3/index.ts",
      "@xmtp-backup/node",
      "../http/protocol.ts",
      "node:fs",
    ),
  ).toEqual(["../http/httpStore.ts", "../s3/index.ts", "@xmtp-backup/node"]);
});

test("behavior: folders of node and of browser import one way", async () => {
  const folders = (...names: string[]) => names.map((name) => `../${name}/it.ts`);
  expect(
    await refused(
      "packages/node/src/files/it.ts",
      ...folders("state", "store", "keys", "keychain", "host", "device", "agents"),
      "./other.ts",
    ),
  ).toEqual(folders("state", "store", "keys", "keychain", "host", "device", "agents"));
  expect(
    await refused("packages/node/src/host/it.ts", ...folders("files", "device", "state", "store", "keys", "agents"), "@xmtp/node-sdk"),
  ).toEqual([...folders("store", "keys", "agents"), "@xmtp/node-sdk"]);
  expect(
    await refused("packages/browser/src/store/it.ts", ...folders("files", "device", "state", "keys", "host", "tabs"), "node:fs"),
  ).toEqual([...folders("keys", "host", "tabs"), "node:fs"]);
});

test.each(["node", "browser"])("behavior: each folder of %s has its rule", async (name) => {
  const entries = await readdir(join(root, "packages", name, "src"), { withFileTypes: true });
  for (const folder of entries.filter((entry) => entry.isDirectory())) {
    expect(await refused(`packages/${name}/src/${folder.name}/it.ts`, "../host/it.ts", "../store/it.ts"), folder.name).not.toEqual([]);
  }
});
