// Imports each built package the way an app on plain Node does: without the source condition, from its published entry points.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readPackages } from "./packages/readPackages.ts";

for (const { folder, entries } of readPackages()) {
  for (const { specifier, types } of entries) {
    const module = (await import(specifier)) as Record<string, unknown>;
    if (Object.keys(module).length === 0) throw new Error(`${specifier} exports nothing`);
    if (!existsSync(join(folder, types))) throw new Error(`${specifier} has no types`);
    process.stdout.write(`${specifier}: ${Object.keys(module).length} exports\n`);
  }
}
