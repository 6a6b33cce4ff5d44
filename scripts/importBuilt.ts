// Imports each built package the way an app on plain Node does: without the source condition, from its published entry points.
import { existsSync, readdirSync, readFileSync } from "node:fs";

type PackageJson = { name: string; exports: Record<string, string | { default: string; types: string }> };

for (const folder of readdirSync("packages")) {
  const { name, exports } = JSON.parse(readFileSync(`packages/${folder}/package.json`, "utf8")) as PackageJson;
  for (const [subpath, target] of Object.entries(exports)) {
    if (typeof target === "string") continue;
    const specifier = name + subpath.slice(1);
    const module = (await import(specifier)) as Record<string, unknown>;
    if (Object.keys(module).length === 0) throw new Error(`${specifier} exports nothing`);
    if (!existsSync(`packages/${folder}/${target.types}`)) throw new Error(`${specifier} has no types`);
    process.stdout.write(`${specifier}: ${Object.keys(module).length} exports\n`);
  }
}
