import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** Starts an example app as its npm script does; answers once it has told its address. */
export async function startApp(main: URL): Promise<{ url: string; close(): Promise<void> }> {
  const child = spawn(process.execPath, ["--conditions=@xmtp-backup/source", fileURLToPath(main)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const close = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  for await (const line of createInterface(child.stdout)) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (url) return { url, close };
  }
  throw new Error("The app ended before it told its address.");
}
