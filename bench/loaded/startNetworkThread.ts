import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** A network that clients can reach. */
export type BenchNetwork = { url: string };

/** Starts a network on a thread of its own, since an app has no server on its event loop. */
export async function startNetworkThread(): Promise<BenchNetwork & { close(): Promise<void> }> {
  const thread = new Worker(new URL("./networkThread.ts", import.meta.url));
  const [url] = (await once(thread, "message")) as [string];
  return {
    url,
    async close() {
      const ended = once(thread, "exit");
      thread.postMessage("close");
      await ended;
    },
  };
}
