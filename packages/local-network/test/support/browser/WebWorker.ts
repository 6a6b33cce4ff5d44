import { Worker } from "node:worker_threads";

type Listener = (event: { data?: unknown; message?: string }) => void;

/** As much of a browser's `Worker` as the browser SDK uses, on a thread of Node. */
export class WebWorker {
  readonly #thread: Worker;
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(url: URL) {
    // The SDK leaves the extension to the bundler.
    this.#thread = new Worker(new URL("./worker.ts", import.meta.url), { workerData: { url: `${url.href}.js` } });
    this.#thread.on("message", (data) => this.#emit("message", { data }));
    this.#thread.on("error", (error) => this.#emit("error", { message: String(error) }));
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, (this.#listeners.get(type) ?? new Set()).add(listener));
  }

  removeEventListener(type: string, listener: Listener): void {
    this.#listeners.get(type)?.delete(listener);
  }

  postMessage(data: unknown): void {
    this.#thread.postMessage(data);
  }

  terminate(): void {
    void this.#thread.terminate();
  }

  #emit(type: string, event: Parameters<Listener>[0]): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event);
  }
}
