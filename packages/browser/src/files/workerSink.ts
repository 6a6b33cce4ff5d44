import { BackupError } from "@xmtp-backup/core";
import type { FileAnswer, FileCall } from "./fileCall.ts";
import type { FileSink } from "./fileSink.ts";

/**
 * Writes a file of the origin-private file system by a worker, into a file beside it that is renamed when it is whole.
 *
 * Browsers without `createWritable` give synchronous access to a file, in workers only.
 *
 * @throws STORE_UNSUPPORTED when the browser has no such files, or the worker can't be started
 */
export async function workerSink(folder: FileSystemDirectoryHandle, name: string): Promise<FileSink> {
  const path = await (await navigator.storage.getDirectory()).resolve(folder);
  if (!path || typeof Worker === "undefined") throw unsupported("This browser can't write files in such a folder.");
  const worker = new Worker(new URL("./fileWorker.js", import.meta.url), { type: "module" });

  const call = (message: FileCall, transfer: Transferable[] = []) =>
    new Promise<void>((resolve, reject) => {
      worker.onmessage = ({ data: { error } }: MessageEvent<FileAnswer>) =>
        error ? reject(new DOMException(error.message, error.name)) : resolve();
      worker.onerror = () =>
        reject(
          unsupported(
            "The worker that writes files can't be started.",
            "Serve fileWorker.js of @xmtp-backup/browser, and let the page start workers of its own origin.",
          ),
        );
      worker.postMessage(message, transfer);
    });

  const endAfter = async (message: FileCall) => {
    try {
      await call(message);
    } finally {
      worker.terminate();
    }
  };

  try {
    await call({ call: "open", path, name, part: `${name}.${crypto.randomUUID()}.part` });
  } catch (error) {
    worker.terminate();
    throw error;
  }
  return {
    async write(data) {
      const bytes = data instanceof Blob ? await data.arrayBuffer() : data.slice().buffer;
      await call({ call: "write", bytes }, [bytes]);
    },
    close: () => endAfter({ call: "close" }),
    abort: () => endAfter({ call: "abort" }),
  };
}

function unsupported(shortMessage: string, details?: string): BackupError {
  return new BackupError("STORE_UNSUPPORTED", shortMessage, details === undefined ? {} : { details });
}
