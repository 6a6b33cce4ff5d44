import { writeFile } from "node:fs/promises";
import type { Machine } from "./machine.ts";
import type { Result } from "./result.ts";
import { roundsText } from "./resultLine.ts";

export type BenchResults = { name: string; about: string; results: readonly Result[] };

/** One run of some benches. */
export type BenchRun = { machine: Machine; minutes: number; command: string };

const path = new URL("../results.md", import.meta.url);

/** Writes all results as a page. */
export async function writeMarkdown(run: BenchRun, all: readonly BenchResults[]): Promise<void> {
  await writeFile(path, `${pageOf(run, all).join("\n")}\n`);
}

function pageOf({ machine, minutes, command }: BenchRun, all: readonly BenchResults[]): string[] {
  const results = all.flatMap((each) => each.results);
  const promised = results.filter(({ target }) => target !== null);
  const busy = results.filter((each) => each.machine?.isBusy);
  return [
    "# Results of the benches",
    "",
    "`npm run bench -- all --markdown` measures everything and writes this page.",
    "",
    "| | |",
    "|---|---|",
    row("command", `\`${command}\``),
    row("measured", `${machine.date} UTC, in ${minutes} minutes`),
    row("commit", machine.commit),
    row("machine", `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGB} GB, load of ${machine.loadPerCore} a core before`),
    row("Node", machine.node),
    ...Object.entries(machine.sdks).map(([name, version]) => row(name, version)),
    row("targets", `${promised.filter(({ ok }) => ok).length} of ${promised.length} met`),
    row("busy machine", `${busy.length} of ${results.length} results`),
    "",
    "- **A ratio** compares two ways in the same run. The SDK's own part of the same work is the floor.",
    "- **Rounds** says which of them the figure is. Some are computed from several figures. The range goes from the lowest to the highest.",
    "- **Busy** marks a figure that says less: others took over 10 % of the cores, or a fixed loop took over 1.25 times its best time.",
    "- **No target**: the figure is there to read the others by.",
    ...all.flatMap(({ name, about, results: own }) => ["", `## ${about}`, "", `\`npm run bench -- ${name}\``, "", ...tableOf(own)]),
  ];
}

function tableOf(results: readonly Result[]): string[] {
  return [
    row("figure", "measured", "target", "met", "rounds", "range", "machine"),
    "|---|---|---|---|---|---|---|",
    ...results.map(resultRow),
  ];
}

function resultRow({ name, measured, target, bound: side = "at most", unit, ok, range, reason, machine, ...rest }: Result): string {
  const value = measured === null ? `not measured: ${reason}` : `${measured} ${unit}`;
  const bound = target === null ? "" : `${side} ${target} ${unit}`;
  return row(name, value, bound, target === null ? "" : ok ? "yes" : "**no**", roundsText(rest), range?.join("–") ?? "", useText(machine));
}

function useText(machine: Result["machine"]): string {
  if (!machine) return "";
  const others = machine.othersShare === undefined ? [] : [`others ${Math.round(machine.othersShare * 100)} %`];
  return [...(machine.isBusy ? ["**busy**"] : []), ...others, `loop ${machine.slowdown} ×`].join(", ");
}

function row(...cells: string[]): string {
  return `| ${cells.join(" | ")} |`;
}
