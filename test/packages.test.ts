import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readPackages, root } from "../scripts/packages/readPackages.ts";

type Manifest = Record<string, unknown> & {
  name: string;
  version: string;
  files: string[];
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
};
type Step = { uses?: string; run?: string; with?: Record<string, string> };
type Job = { permissions?: Record<string, string>; "timeout-minutes"?: number; steps: Step[] };
/** A job that runs another workflow of the repository. */
type Call = { uses: string };
type Workflow = { on: object; permissions: unknown; jobs: Record<string, Job | Call> };

const read = (path: string) => readFile(join(root, path), "utf8");
const manifestOf = async (path: string) => JSON.parse(await read(path)) as Manifest;

/** The one place that says where the project lives: everything else has to agree. */
const repository = ((await manifestOf("package.json"))["repository"] as { url: string }).url.replace(/^git\+|\.git$/g, "");

const packages = await Promise.all(
  readPackages().map(async ({ json, entries }) => {
    const folder = `packages/${json.name.replace("@xmtp-backup/", "")}`;
    return {
      name: json.name,
      folder,
      entries,
      manifest: await manifestOf(`${folder}/package.json`),
      page: await read(`${folder}/README.md`),
    };
  }),
);

/** Headings become anchors as GitHub makes them. */
function anchorsOf(page: string): string[] {
  return [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

describe.each(packages)("$name", ({ folder, manifest, page, entries }) => {
  it("default: npm shows where it comes from, whose it is and what it runs on", async () => {
    expect(manifest).toMatchObject({
      version: packages[0]?.manifest.version,
      homepage: `${repository}/tree/main/${folder}#readme`,
      bugs: `${repository}/issues`,
      repository: { type: "git", url: `git+${repository}.git`, directory: folder },
      license: "MIT",
      type: "module",
      engines: { node: expect.stringMatching(/^>=22/) as string },
      publishConfig: { access: "public", provenance: true },
    });
    expect(manifest["keywords"]).toEqual(expect.arrayContaining(["xmtp", "backup"]));
    expect(manifest["sideEffects"]).toBeDefined();
    expect(manifest["private"]).toBeUndefined();
    expect(manifest["funding"]).toBeUndefined();
    expect(manifest.files).toEqual(expect.arrayContaining(["dist", "src", "!src/**/*.test.ts", "CHANGELOG.md"]));
    expect(await read(`${folder}/LICENSE`)).toBe(await read("LICENSE"));
    expect(entries).not.toHaveLength(0);
  });

  it("default: its changelog begins with its version", async () => {
    expect(await read(`${folder}/CHANGELOG.md`)).toMatch(
      new RegExp(`^# ${manifest.name}\n\n## ${manifest.version.replaceAll(".", "\\.")}\n`),
    );
  });

  it("behavior: an app keeps its own copies, since it depends on ranges", () => {
    const dependencies = Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies });
    expect(dependencies.filter(([, range]) => !/^(\^|>=)/.test(range))).toEqual([]);
    const ours = dependencies.filter(([name]) => name.startsWith("@xmtp-backup/"));
    expect(ours).toEqual(ours.map(([name]) => [name, `^${manifest.version}`]));
  });

  it("default: its page says how it is installed, with its peers, and shows the shortest code", () => {
    expect(page.startsWith(`# ${manifest.name}\n`)).toBe(true);
    const [, command = ""] = /```sh\n(npm install [^\n]+)\n```/.exec(page) ?? [];
    const peers = Object.keys(manifest.peerDependencies ?? {}).filter((peer) => !manifest.peerDependenciesMeta?.[peer]?.optional);
    expect(command.split(" ")).toEqual(expect.arrayContaining([manifest.name, ...peers]));
    expect(page).toMatch(/^```tsx?$/m);
    expect(page).toContain(`](${repository}#readme)`);
  });

  it("behavior: links of its page work on npm too, and lead to what is there", async () => {
    const links = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, link = ""]) => link);
    expect(links.filter((link) => !link.startsWith("https://"))).toEqual([]);
    for (const link of links.filter((each) => each.startsWith(`${repository}/blob/main/`))) {
      const [path = "", anchor] = link.slice(`${repository}/blob/main/`.length).split("#");
      expect(existsSync(join(root, path)), link).toBe(true);
      if (anchor) expect(anchorsOf(await read(path)), link).toContain(anchor);
    }
  });
});

describe("the repository", () => {
  it("behavior: nothing names another address of the project", async () => {
    const pages = [
      "README.md",
      "CONTRIBUTING.md",
      "SECURITY.md",
      "CODE_OF_CONDUCT.md",
      ...(await filesIn(".github")),
      ...(await filesIn("docs")),
      ...(await filesIn("packages/core/src")),
    ];
    const texts = await Promise.all(pages.map(async (path) => [path, await read(path)] as const));
    const others = texts.flatMap(([path, text]) =>
      [...text.matchAll(/https:\/\/github\.com\/xmtp-backup[\w./-]*/g)]
        .map(([address]) => ({ path, address }))
        .filter(({ address }) => address !== repository && !address.startsWith(`${repository}/`)),
    );
    expect(others).toEqual([]);
  });

  it("default: all packages are released together, examples never", async () => {
    const { fixed, privatePackages, access } = JSON.parse(await read(".changeset/config.json")) as {
      fixed: unknown;
      privatePackages: unknown;
      access: unknown;
    };
    expect({ fixed, privatePackages, access }).toEqual({
      fixed: [["@xmtp-backup/*", "!@xmtp-backup/example-*"]],
      privatePackages: false,
      access: "public",
    });
    for (const name of await readdir(join(root, "examples")))
      expect(await manifestOf(`examples/${name}/package.json`), name).toMatchObject({ private: true });
  });

  it("behavior: the lock file names no registry", async () => {
    expect(await read("package-lock.json")).not.toMatch(/"resolved": "https?:/);
  });
});

describe.each(["ci", "release"])(".github/workflows/%s.yml", (name) => {
  const load = async () => parse(await read(`.github/workflows/${name}.yml`)) as Workflow;

  it("default: jobs read by default, end in time, and use actions of a fixed version", async () => {
    const { permissions, jobs } = await load();
    expect(permissions).toEqual({ contents: "read" });
    for (const job of Object.values(jobs)) {
      if ("uses" in job) {
        expect(job).toEqual({ uses: "./.github/workflows/ci.yml" });
        continue;
      }
      expect(job["timeout-minutes"]).toBeGreaterThan(0);
      for (const { uses } of job.steps.filter((step) => step.uses)) expect(uses).toMatch(/^[\w-]+\/[\w-]+@(v\d+|[0-9a-f]{40})$/);
    }
  });

  it("behavior: what it runs is there, and no secret is named", async () => {
    const { scripts } = (await manifestOf("package.json")) as unknown as { scripts: Record<string, string> };
    const text = await read(`.github/workflows/${name}.yml`);
    expect(text).not.toContain("secrets.");
    for (const [, script = ""] of text.matchAll(/npm run ([\w:]+)/g)) expect(scripts, script).toHaveProperty([script]);
    for (const [, file = ""] of text.matchAll(/node ((?:scripts|node_modules)\/[\w./]+)/g))
      expect(existsSync(join(root, file)), file).toBe(true);
    for (const [file] of text.matchAll(/test\/\w+\.test\.ts|\.ci\/\w+/g)) expect(existsSync(join(root, file)), file).toBe(true);
  });
});

describe(".github", () => {
  it("default: nothing is released before all tests have passed", async () => {
    const { on, jobs } = parse(await read(".github/workflows/release.yml")) as Workflow;
    expect(on).toEqual({ push: { branches: ["main"] } });
    expect(jobs["tests"]).toEqual({ uses: "./.github/workflows/ci.yml" });
    expect(Object.entries(jobs).filter(([name, job]) => name !== "tests" && !("needs" in job && job.needs === "tests"))).toEqual([]);
    const ci = parse(await read(".github/workflows/ci.yml")) as Workflow;
    expect(Object.keys(ci.on)).toEqual(["workflow_call", "pull_request", "workflow_dispatch"]);
    expect(Object.values(ci.jobs).filter((job) => "if" in job || "continue-on-error" in job)).toEqual([]);
  });

  it("default: a release proves where it comes from, and runs in this repository only", async () => {
    const { release } = (parse(await read(".github/workflows/release.yml")) as Workflow).jobs as Record<string, Job>;
    expect(release).toMatchObject({
      if: `github.repository == '${repository.replace("https://github.com/", "")}'`,
      permissions: { "id-token": "write", contents: "write", "pull-requests": "write" },
    });
    expect(release?.steps.at(-1)).toMatchObject({
      with: { "publish-script": "npm run release", "version-script": "npm run version" },
      env: { NPM_CONFIG_PROVENANCE: "true" },
    });
  });

  it("default: the tests run on each supported Node and system", async () => {
    const { jobs } = parse(await read(".github/workflows/ci.yml")) as { jobs: Record<string, Job> };
    expect(jobs["platforms"]).toMatchObject({
      strategy: { matrix: { node: [22, 24], os: ["ubuntu-latest", "macos-latest", "windows-latest"] } },
    });
    expect(jobs["everything"]?.steps.at(-1)).toEqual({ run: ".ci/run" });
  });

  it("default: issue forms ask something", async () => {
    const forms = (await filesIn(".github/ISSUE_TEMPLATE")).filter((path) => !path.endsWith("config.yml"));
    expect(forms).not.toHaveLength(0);
    for (const path of forms) {
      const { name, description, body } = parse(await read(path)) as {
        name: string;
        description: string;
        body: { type: string; id?: string }[];
      };
      expect([name, description].every(Boolean), path).toBe(true);
      const ids = body.flatMap(({ id }) => (id ? [id] : []));
      expect(new Set(ids).size, path).toBe(ids.length);
      expect(
        body.filter(({ type }) => !["markdown", "textarea", "input", "dropdown", "checkboxes"].includes(type)),
        path,
      ).toEqual([]);
    }
  });
});

/** Text files below a folder, as paths from the root. */
async function filesIn(folder: string): Promise<string[]> {
  const found = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile() && /\.(md|ya?ml|ts)$/.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1));
}
