import { readFile } from "node:fs/promises";
import { posix } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import type { PackedPackage } from "./packPackages.ts";

/** Everything that is wrong with a packed package, by publint, by arethetypeswrong, and by what belongs in each of ours. */
export async function lintPackage(packed: PackedPackage): Promise<string[]> {
  const data = new Uint8Array(await readFile(packed.tarball));
  return [...lacking(packed), ...(await publintSays(data)), ...(await typesWrong(data))].map(
    (problem) => `${packed.json.name}: ${problem}`,
  );
}

/** A declaration's map must lead to a source that is published too. */
function lacking({ files }: PackedPackage): string[] {
  const has = new Set(files);
  const names = ["LICENSE", "README.md", "CHANGELOG.md"].filter((name) => !has.has(name)).map((name) => `has no ${name}`);
  const declarations = files.filter((file) => file.startsWith("dist/") && file.endsWith(".d.ts"));
  const sources = declarations.flatMap((file) => {
    const source = posix.join("src", posix.relative("dist", file)).replace(/\.d\.ts$/, "");
    if (!has.has(`${file}.map`)) return [`${file} has no map`];
    return has.has(`${source}.ts`) || has.has(`${source}.tsx`) ? [] : [`${file} has no source`];
  });
  const tests = files.filter((file) => file.endsWith(".test.ts")).map((file) => `${file} is published`);
  return [...names, ...(declarations.length === 0 ? ["has no declarations"] : []), ...sources, ...tests];
}

async function publintSays(data: Uint8Array<ArrayBuffer>): Promise<string[]> {
  const { messages, pkg } = await publint({ pack: { tarball: data.buffer }, strict: true });
  return messages.map((message) => formatMessage(message, pkg as Record<string, unknown>, { color: false }) ?? message.code);
}

/** The packages are ES modules: the resolution of old Node, which knows no `exports`, and what `require` of old Node says do not count. */
async function typesWrong(data: Uint8Array): Promise<string[]> {
  const analysis = await checkPackage(createPackageFromTarballData(data));
  if (!analysis.types) return ["has no types"];
  return analysis.problems
    .filter((problem) => problem.kind !== "CJSResolvesToESM" && !("resolutionKind" in problem && problem.resolutionKind === "node10"))
    .map((problem) => JSON.stringify(problem));
}
