import { suites } from "./suites.ts";
import { otherNodes, ownNode } from "./testedNodes.ts";
import { type TestedSdk, testedSdks } from "./testedSdks.ts";

/** One run of the suites: on a version of an SDK, with a version of Node. */
export type SdkRun = { sdk: TestedSdk; node: string; files: readonly string[] };

/** All suites on every version, and the short ones on further versions of Node, where Node loads the SDK itself. */
export function allRuns(): SdkRun[] {
  const onOwnNode = testedSdks.map((sdk) => ({ sdk, node: ownNode, files: suites[sdk.name].all }));
  const inNode = testedSdks.filter(({ name }) => name === "@xmtp/node-sdk");
  const onOthers = inNode.flatMap((sdk) => otherNodes.map((node) => ({ sdk, node, files: suites[sdk.name].short })));
  return [...onOwnNode, ...onOthers];
}

/** The short suites on the oldest version of each SDK; the other tests run on the newest. */
export function shortRuns(): SdkRun[] {
  const names = new Set(testedSdks.map(({ name }) => name));
  const oldest = [...names].flatMap((name) => testedSdks.find((sdk) => sdk.name === name) ?? []);
  return oldest.map((sdk) => ({ sdk, node: ownNode, files: suites[sdk.name].short }));
}
