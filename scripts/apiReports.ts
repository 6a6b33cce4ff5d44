// `npm run api`: writes the API report of each public entry from its built declarations, so that a review sees what of the API changes.
// With `--check`, which is a part of `npm test`, it names the reports that no longer say what the declarations do.
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";
import { type Entry, type Package, readPackages, root } from "./packages/readPackages.ts";

const check = process.argv.includes("--check");
const temporary = mkdtempSync(join(tmpdir(), "xmtp-backup-api-"));
/** Only the report matters: types are checked elsewhere, and docstrings follow no scheme of tags. */
const silent = { default: { logLevel: ExtractorLogLevel.None, addToApiReportFile: false } };
const compilerOptions = {
  target: "ES2023",
  module: "NodeNext",
  moduleResolution: "NodeNext",
  lib: ["ES2023", "DOM", "DOM.Iterable", "DOM.AsyncIterable"],
  types: ["node"],
  strict: true,
  skipLibCheck: true,
};

const folderOf = (each: Package) => join(each.folder, "etc");
const reportOf = (entry: Entry) => `${entry.name}.api.md`;

function configure(each: Package, entry: Entry): ExtractorConfig {
  return ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(each.folder, "package.json"),
    configObject: {
      projectFolder: each.folder,
      mainEntryPointFilePath: join(each.folder, entry.types),
      newlineKind: "lf",
      compiler: { overrideTsconfig: { compilerOptions, include: [entry.types] } },
      apiReport: {
        enabled: true,
        includeForgottenExports: true,
        reportFileName: reportOf(entry),
        reportFolder: folderOf(each),
        reportTempFolder: temporary,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: { compilerMessageReporting: silent, extractorMessageReporting: silent, tsdocMessageReporting: silent },
    },
  });
}

/** Files of `etc` that are the report of no entry. */
function strayReports(each: Package): string[] {
  const known = new Set(each.entries.map(reportOf));
  return readdirSync(folderOf(each))
    .filter((file) => !known.has(file))
    .map((file) => join(folderOf(each), file));
}

try {
  const packages = readPackages();
  for (const each of packages) mkdirSync(folderOf(each), { recursive: true });
  const all = packages.flatMap((each) =>
    each.entries.map((entry) => ({ report: join(folderOf(each), reportOf(entry)), config: configure(each, entry) })),
  );
  const [first] = all;
  if (!first) throw new Error("No package has an entry.");
  const compilerState = CompilerState.create(first.config, {
    additionalEntryPoints: all.map(({ config }) => config.mainEntryPointFilePath),
  });
  const changed = all.filter(
    ({ config }) =>
      Extractor.invoke(config, { localBuild: !check, compilerState, messageCallback: (message) => void (message.handled = true) })
        .apiReportChanged,
  );
  const stray = packages.flatMap(strayReports);
  if (!check) for (const file of stray) rmSync(file);
  const names = [...changed.map(({ report }) => report), ...stray].map((file) => relative(root, file));
  for (const name of names) process.stdout.write(`${check ? "out of date" : "changed"}: ${name}\n`);
  process.stdout.write(`${all.length} API reports, ${names.length} ${check ? "out of date" : "changed"}\n`);
  if (check && names.length > 0) process.stdout.write("Run `npm run api`, and look at what it changes: users will see it too.\n");
  process.exitCode = check && names.length > 0 ? 1 : 0;
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
