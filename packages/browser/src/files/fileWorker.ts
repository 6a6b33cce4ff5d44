// The script of a worker that writes one file of the origin-private file system, for browsers that can't do so from a page.
import { createPartFile } from "./createPartFile.ts";
import type { FileAnswer, FileCall } from "./fileCall.ts";

const file = createPartFile();

addEventListener("message", ({ data }: MessageEvent<FileCall>) => {
  void answer(data).then((said) => postMessage(said));
});

async function answer(asked: FileCall): Promise<FileAnswer> {
  try {
    await run(asked);
    return {};
  } catch (error) {
    const { name, message } = error instanceof Error || error instanceof DOMException ? error : new Error(String(error));
    return { error: { name, message } };
  }
}

function run(asked: FileCall): Promise<void> {
  switch (asked.call) {
    case "open":
      return file.open(asked);
    case "write":
      return file.write(asked.bytes);
    case "close":
      return file.close();
    case "abort":
      return file.abort();
  }
}
