import { spawn } from "node:child_process";
import { exitOf } from "./exitOf.ts";
import { skipAll, type Task, taskOf } from "./sdkTask.ts";
import { compilerOf } from "./testedTypescripts.ts";

/** Compiles apps against the built packages with a version of TypeScript. */
export function typesTask(version: string): Task {
  return taskOf(`TypeScript ${version}`, [], async () => {
    let compiler: string;
    try {
      compiler = compilerOf(version);
    } catch {
      return skipAll(`TypeScript ${version} can't be fetched from npm`);
    }
    const code = await exitOf(
      spawn(process.execPath, [compiler, "-p", "test/typescript/tsconfig.published.json"], { stdio: ["ignore", "inherit", "inherit"] }),
    );
    return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: [] };
  });
}
