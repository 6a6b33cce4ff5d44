import type { Result } from "./result.ts";

/** A result as one line of a terminal. */
export function resultLine({ name, measured, target, unit, ok, reason, range, machine, bound = "at most", ...rest }: Result): string {
  if (measured === null) return `✗ ${name.padEnd(nameWidth)} not measured: ${reason}`;
  const figure = `${name.padEnd(nameWidth)} ${String(measured).padStart(8)} ${unit.padEnd(5)}`;
  const promised = target === null ? `  ${figure}` : `${ok ? "✓" : "✗"} ${figure} ${bound} ${target} ${unit}`;
  const spread = range ? `, ${range.join("–")}` : "";
  return `${promised.padEnd(nameWidth + 40)} ${roundsText(rest)}${spread}${machine?.isBusy ? "  busy" : ""}`;
}

const nameWidth = 86;

/** Which of how many rounds a figure is. */
export function roundsText({ chosen, rounds }: Pick<Result, "chosen" | "rounds">): string {
  if (chosen === undefined || chosen === "only") return rounds === 1 ? "1 round" : `${rounds} rounds`;
  return chosen === "computed" ? `computed from ${rounds}` : `${chosen} of ${rounds}`;
}
