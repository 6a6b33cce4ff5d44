import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { SdkAnswer, SdkRequest } from "./sdkChild.ts";

const script = fileURLToPath(new URL("./sdkChild.ts", import.meta.url));

/** Processes that wait for another client: starting one takes longer than most of what is asked. */
const idle: { child: ChildProcess; lines: AsyncIterator<string> }[] = [];

/** A fresh installation of the real SDK, that can be killed when it hangs. */
export class SdkClient {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #isStopped = false;

  private constructor(process: ChildProcess, lines: AsyncIterator<string>) {
    this.#process = process;
    this.#lines = lines;
  }

  static async start(apiUrl: string, directory: string): Promise<SdkClient> {
    const waiting = idle.pop();
    if (waiting) {
      const client = new SdkClient(waiting.child, waiting.lines);
      await client.ask({ type: "fresh" }, 60_000);
      return client;
    }
    const child = spawn(process.execPath, ["--conditions=@xmtp-backup/source", script, apiUrl, directory], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const client = new SdkClient(child, lines);
    await client.#next("ready", 60_000);
    return client;
  }

  /** Ends the processes that wait for another client. */
  static end(): void {
    for (const { child } of idle.splice(0)) child.kill("SIGKILL");
  }

  /** Asks the SDK for something; "hung" if it has not answered in that time, "crashed" if it took its process down. */
  async ask(request: SdkRequest, timeoutMs: number): Promise<SdkAnswer | "hung" | "crashed"> {
    this.#process.stdin?.write(`${JSON.stringify(request)}\n`);
    const line = await this.#next("answer ", timeoutMs);
    if (line !== "hung" && line !== "crashed") return JSON.parse(line.slice("answer ".length)) as SdkAnswer;
    this.#isStopped = true;
    this.#process.kill("SIGKILL");
    return line;
  }

  /** Leaves its process to the next client, unless the SDK hangs in it. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    idle.push({ child: this.#process, lines: this.#lines });
  }

  async #next(prefix: string, timeoutMs: number): Promise<string> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<"hung">((resolve) => {
      timer = setTimeout(() => resolve("hung"), timeoutMs);
    });
    try {
      for (;;) {
        const line = await Promise.race([this.#lines.next(), timeout]);
        if (line === "hung") return line;
        if (line.done) return "crashed";
        if (line.value.startsWith(prefix)) return line.value;
      }
    } finally {
      clearTimeout(timer);
    }
  }
}
