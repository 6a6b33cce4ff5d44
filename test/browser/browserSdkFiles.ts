import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { testedSdk } from "../../scripts/sdks/sdkVariables.ts";
import { bundleEntry } from "./bundleEntry.ts";
import type { ServedFiles } from "./serveFiles.ts";

/** What a page's script with the browser SDK fetches beside itself: the scripts of the SDK's workers, and their WebAssembly. */
export async function browserSdkFiles(): Promise<ServedFiles> {
  const sdk = fileURLToPath(new URL("dist", testedSdk("@xmtp/browser-sdk")));
  const bindings = dirname(createRequire(join(sdk, "index.js")).resolve("@xmtp/wasm-bindings"));
  return {
    "/workers/client": await bundleEntry(pathToFileURL(join(sdk, "workers/client.js"))),
    "/workers/opfs": await bundleEntry(pathToFileURL(join(sdk, "workers/opfs.js"))),
    "/workers/bindings_wasm_bg.wasm": await readFile(join(bindings, "bindings_wasm_bg.wasm")),
    "/bindings_wasm_bg.wasm": await readFile(join(bindings, "bindings_wasm_bg.wasm")),
  };
}
