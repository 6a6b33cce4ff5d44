import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startLocalNetwork } from "@xmtp-backup/local-network";
import { createServer, defaultClientConditions, type PluginOption } from "vite";
import { type Bob, startBob } from "./bob.ts";
import { worldPlugin } from "./worldPlugin.ts";

export type ExampleOptions = {
  /** The folder of the app's `index.html`. */
  root: URL;
  /** What Vite needs for the app's framework. */
  plugins: PluginOption[];
  /** @default any that is free */
  port?: number;
};

export type Example = { url: string; bob: Bob; close(): Promise<void> };

/** Starts a network in this process, Bob on it, and a server for the app's page; all on loopback. */
export async function startExample({ root, plugins, port = 0 }: ExampleOptions): Promise<Example> {
  const folder = await mkdtemp(join(tmpdir(), "xmtp-backup-example-"));
  const network = await startLocalNetwork();
  const bob = await startBob(network.url, folder);
  const server = await createServer({
    root: fileURLToPath(root),
    configFile: false,
    logLevel: "warn",
    plugins: [...plugins, worldPlugin(network.url, bob)],
    server: { host: "127.0.0.1", port },
    resolve: { conditions: ["@xmtp-backup/source", ...defaultClientConditions] },
    // docs/sdk-facts.md#worker-beside-the-module
    optimizeDeps: { exclude: ["@xmtp/browser-sdk", "@xmtp/wasm-bindings"] },
    worker: { format: "es" },
  });
  await server.listen();
  const address = server.httpServer?.address();
  if (!address || typeof address === "string") throw new Error("The page's server has no address.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    bob,
    async close() {
      await server.close();
      await bob.close();
      await network.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
