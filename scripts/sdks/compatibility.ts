import { readFileSync } from "node:fs";
import { otherNodes, ownNode } from "./testedNodes.ts";
import { type TestedSdk, testedSdks } from "./testedSdks.ts";
import type { SdkName } from "./sdkVariables.ts";
import { otherTypescripts, ownTypescripts } from "./testedTypescripts.ts";

/** What the page says was tested. */
export type Compatibility = {
  sdks: readonly Pick<TestedSdk, "name" | "version" | "broughtBy">[];
  peers: Readonly<Record<SdkName, string>>;
  /** The versions of Node: the one for everything, and those for the short suites. */
  nodes: { all: string; short: readonly string[] };
  /** The major version of Chromium. */
  chromium: string;
  typescripts: readonly string[];
};

/** What `npm run test:sdks` tests, with what is installed and declared; the browser is the machine's. */
export function compatibility(chromium: string): Compatibility {
  return {
    sdks: testedSdks,
    peers: { "@xmtp/node-sdk": peerOf("node", "@xmtp/node-sdk"), "@xmtp/browser-sdk": peerOf("browser", "@xmtp/browser-sdk") },
    nodes: { all: ownNode, short: otherNodes },
    chromium,
    typescripts: [...otherTypescripts, ...ownTypescripts],
  };
}

/** The page's tables. */
export function toTables({ sdks, peers, nodes, chromium, typescripts }: Compatibility): string {
  const inNode = `Node ${nodes.all}: all suites; Node ${nodes.short.join(", ")}: the short ones`;
  const rows = sdks.map(({ name, version, broughtBy }) => [
    `\`${name}\` ${version}${broughtBy ? `, which \`${broughtBy.replace(" ", "` ")} brings` : ""}`,
    name === "@xmtp/node-sdk" ? inNode : `Chromium ${chromium}: all suites`,
    `\`${peers[name].replaceAll("|", "\\|")}\``,
  ]);
  return [
    table(["SDK", "tested on", "peer range"], rows),
    table(
      ["environment", "tested versions"],
      [
        ["Node", [...nodes.short, nodes.all].sort().join(", ")],
        ["browser", `Chromium ${chromium}`],
        ["TypeScript", typescripts.join(", ")],
      ],
    ),
  ].join("\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

function peerOf(folder: string, name: string): string {
  const { peerDependencies } = JSON.parse(readFileSync(new URL(`../../packages/${folder}/package.json`, import.meta.url), "utf8")) as {
    peerDependencies: Record<string, string>;
  };
  const range = peerDependencies[name];
  if (range === undefined) throw new Error(`packages/${folder} declares no peer ${name}`);
  return range;
}
