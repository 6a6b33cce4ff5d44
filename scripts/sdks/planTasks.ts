import { type Task, sdkTask } from "./sdkTask.ts";
import { suites } from "./suites.ts";
import { otherNodes, ownNode } from "./testedNodes.ts";
import { type TestedSdk, testedSdks } from "./testedSdks.ts";
import { otherTypescripts, ownTypescripts } from "./testedTypescripts.ts";
import { typesTask } from "./typesTask.ts";

/** What is asked for: a few things on the oldest versions, or everything; and of that what has the text in its name. */
export type Asked = { short: boolean; only?: string | undefined };

export function planTasks({ short, only = "" }: Asked): Task[] {
  return (short ? shortTasks() : allTasks()).filter(({ name }) => name.includes(only));
}

/** The other tests run on the newest versions. */
function shortTasks(): Task[] {
  const names = new Set(testedSdks.map(({ name }) => name));
  const oldest = [...names].flatMap((name) => testedSdks.find((sdk) => sdk.name === name) ?? []);
  return [...oldest.map((sdk) => onOwnNode(sdk, "short")), typesTask(otherTypescripts[0])];
}

/** All suites on every version; and the short ones on further versions of Node, where Node loads the SDK itself. */
function allTasks(): Task[] {
  const inNode = testedSdks.filter(({ name }) => name === "@xmtp/node-sdk");
  return [
    ...[...otherTypescripts, ...ownTypescripts].map(typesTask),
    ...testedSdks.map((sdk) => onOwnNode(sdk, "all")),
    ...inNode.flatMap((sdk) => otherNodes.map((node) => sdkTask(sdk, node, suites[sdk.name].short))),
  ];
}

function onOwnNode(sdk: TestedSdk, which: "all" | "short"): Task {
  return sdkTask(sdk, ownNode, suites[sdk.name][which]);
}
