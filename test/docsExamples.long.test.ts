import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type BackupPolicy, createBackups } from "@xmtp-backup/core";
import { fakeHost, memoryKeys, memoryStore } from "@xmtp-backup/testing";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The TypeScript blocks of the working notes, of each package's page and of every page of the docs, by a path that they could have. */
async function readExamples(): Promise<Map<string, string>> {
  const packages = (await readdir(`${root}packages`)).map((name) => `packages/${name}/README.md`);
  const pages = [
    "AGENTS.md",
    ...packages,
    ...(await readdir(`${root}docs`)).filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`),
  ];
  const examples = new Map<string, string>();
  for (const page of pages) {
    const blocks = (await readFile(root + page, "utf8")).matchAll(/^```(tsx?)\n([\s\S]*?)^```/gm);
    for (const [, ending, code = ""] of blocks)
      examples.set(`${root}test/${page.replaceAll(/\W/g, "-")}-${examples.size + 1}.${ending}`, code);
  }
  return examples;
}

function errorsIn(examples: ReadonlyMap<string, string>): string[] {
  const config = ts.getParsedCommandLineOfConfigFile(
    `${root}tsconfig.json`,
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  );
  const options = { ...config?.options, jsx: ts.JsxEmit.ReactJSX };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => examples.has(path) || fileExists.call(host, path);
  host.getSourceFile = (path, version, ...more) => {
    const code = examples.get(path);
    return code === undefined ? getSourceFile.call(host, path, version, ...more) : ts.createSourceFile(path, code, version);
  };
  const program = ts.createProgram([...examples.keys()], options, host);
  return [...examples.keys()].flatMap((path) => {
    const file = program.getSourceFile(path);
    return ts
      .getPreEmitDiagnostics(program, file)
      .map(({ messageText }) => `${path}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
  });
}

describe("the examples of the docs", () => {
  it("default: they compile", async () => {
    const examples = await readExamples();
    expect(examples.size).toBeGreaterThanOrEqual(3);
    expect(errorsIn(examples)).toEqual([]);
  }, 180_000);

  it("behavior: one that is wrong would be noticed", () => {
    const wrong = new Map([
      [`${root}test/wrong.ts`, 'import { createBackups } from "@xmtp-backup/core";\ncreateBackups({ policy: { frequency: "hourly" } });\n'],
    ]);
    expect(errorsIn(wrong).join()).toContain("hourly");
  }, 180_000);

  it("behavior: the policies that are recommended can be followed", async () => {
    const page = await readFile(`${root}docs/when-to-back-up.md`, "utf8");
    const policies = [...page.matchAll(/`(\{ frequency: .*?\})`/g)].map(
      ([, text = ""]) => JSON.parse(text.replaceAll(/(\w+):/g, '"$1":')) as BackupPolicy,
    );
    expect(policies.length).toBeGreaterThanOrEqual(4);
    for (const policy of policies) createBackups({ host: fakeHost(), store: memoryStore(), keys: memoryKeys(), policy });
  });
});
