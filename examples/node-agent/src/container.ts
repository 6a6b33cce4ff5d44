import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The agent in a process of its own, as a container would run it. */
export type Container = {
  /** The first line that fits, from the start or from now on. @throws when the process ends before */
  line(pattern: RegExp): Promise<string>;
  /** What it has written. */
  lines: readonly string[];
  /** Sends the signal and gives the exit code, null of a process that was killed. */
  end(signal?: "SIGTERM" | "SIGKILL"): Promise<number | null>;
  /** The exit code of a process that ends on its own. */
  exited: Promise<number | null>;
};

const agent = fileURLToPath(new URL("agent.ts", import.meta.url));

/** @param node - a Node that loads `@xmtp/agent-sdk`. @param environment - beside that of this process. @param script - another agent than this one, and where it runs */
export function startContainer(node: string, environment: Record<string, string>, { script = agent, cwd = process.cwd() } = {}): Container {
  const child = spawn(node, ["--conditions=@xmtp-backup/source", script], {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  const listeners = new Set<() => void>();
  const changed = () => listeners.forEach((listener) => listener());
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on("line", (line) => (lines.push(line), changed()));
  let hasEnded = false;
  const exited = codeOf(child).then((code) => ((hasEnded = true), changed(), code));
  return {
    lines,
    exited,
    end(signal = "SIGTERM") {
      child.kill(signal);
      return exited;
    },
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = lines.find((line) => pattern.test(line));
          if (found === undefined && !hasEnded) return;
          listeners.delete(look);
          if (found === undefined) reject(new Error(`The agent ended without ${String(pattern)}:\n${lines.join("\n")}`));
          else resolve(found);
        };
        listeners.add(look);
        look();
      }),
  };
}

function codeOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
}
