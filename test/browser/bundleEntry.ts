import { build } from "esbuild";
import { fileURLToPath } from "node:url";
import { testedSdk } from "../../scripts/sdks/sdkVariables.ts";

const browserSdk = fileURLToPath(new URL("dist/index.js", testedSdk("@xmtp/browser-sdk")));

/**
 * One ES module with all that a page's script imports, our packages from their source.
 *
 * @param alias - packages that stand in for others, such as another version
 * @throws when the script needs what no browser has, such as a module of Node.
 */
export async function bundleEntry(entry: URL, alias: Record<string, string> = {}): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2023",
    alias: { "@xmtp/browser-sdk": browserSdk, ...alias },
    conditions: ["@xmtp-backup/source"],
    // Line numbers of errors are then those of the sources.
    sourcemap: "inline",
    logLevel: "silent",
  });
  const [bundle] = outputFiles;
  if (!bundle) throw new Error(`${entry.href} gave no bundle`);
  return bundle.text;
}
