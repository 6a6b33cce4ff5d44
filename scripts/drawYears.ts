// Draws what each frequency makes of a year into docs/images: node --conditions=@xmtp-backup/source scripts/drawYears.ts
import { writeFile } from "node:fs/promises";
import { drawYear } from "./drawYear.ts";
import { frequencies } from "./frequencies.ts";

for (const [name, policy] of Object.entries(frequencies)) {
  await writeFile(new URL(`../docs/images/year-${name}.svg`, import.meta.url), await drawYear(name, policy));
}
