// `npm run sizes`, and a part of `npm test`: how much of the packages a page loads, minified and gzipped.
import type { SizeLimitConfig } from "size-limit";
import { bundleApp } from "./scripts/bundleApp.ts";

const app = `export { createBackups } from "@xmtp-backup/core";`;
const core = "packages/core/src";
const policy = [`${core}/policy/runPolicy.ts`, `${core}/tasks/recover.ts`];
const whole = await bundleApp(app, { name: "core" });
const own = await bundleApp(app, { name: "core-own", external: ["xstate", "rxjs"] });
// What runs after start() also judges each installation by its own archives, and holds the first backup back after half a restore.

function binding(name: string) {
  return bundleApp(`export * from "@xmtp-backup/${name}";`, { name, external: ["react", "vue", "@xmtp-backup/core"] });
}

export default [
  { name: "createBackups, without xstate and rxjs", path: own.first, limit: "25 kB", gzip: true },
  { name: "createBackups, with them", path: whole.first, limit: "45 kB", gzip: true },
  { name: "and after start(), without xstate and rxjs", path: own.with(...policy), limit: "40 kB", gzip: true },
  { name: "and after start(), with them", path: whole.with(...policy), limit: "57 kB", gzip: true },
  { name: "everything that core and archive ever load, without xstate and rxjs", path: own.all, gzip: true },
  { name: "everything that core and archive ever load, with them", path: whole.all, gzip: true },
  { name: "the React binding", path: (await binding("react")).all, limit: "1.5 kB", gzip: true },
  { name: "the Vue binding", path: (await binding("vue")).all, limit: "1.5 kB", gzip: true },
] satisfies SizeLimitConfig;
