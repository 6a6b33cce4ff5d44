// What a web worker has and a worker thread of Node has not, then the web worker's own module.
import { parentPort, workerData } from "node:worker_threads";

import { fetchFiles } from "./fetchFiles.ts";

const port = parentPort!;
const early: unknown[] = [];
const scope = globalThis as typeof globalThis & { onmessage?: ((event: { data: unknown }) => void) | null };

function deliver(data: unknown): void {
  if (scope.onmessage) scope.onmessage({ data });
  else early.push(data);
}

/** The class that tells WebAssembly code that it runs in a worker. */
class WorkerGlobalScope {}

fetchFiles();
Object.setPrototypeOf(globalThis, Object.create(WorkerGlobalScope.prototype) as object);
Object.assign(globalThis, {
  WorkerGlobalScope,
  self: globalThis,
  postMessage: (data: unknown) => port.postMessage(data),
});
port.on("message", deliver);
await import((workerData as { url: string }).url);
early.splice(0).forEach(deliver);
