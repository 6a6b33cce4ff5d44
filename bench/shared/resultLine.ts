import type { Result } from "./result.ts";

/** A result as one line of a terminal. */
export function resultLine({ name, measured, target, unit, ok, reason, rounds, range, machine, bound = "at most" }: Result): string {
  if (measured === null) return `✗ ${name.padEnd(nameWidth)} not measured: ${reason}`;
  const figure = `${name.padEnd(nameWidth)} ${String(measured).padStart(8)} ${unit.padEnd(5)}`;
  const promised = target === null ? `  ${figure}` : `${ok ? "✓" : "✗"} ${figure} ${bound} ${target} ${unit}`;
  const spread = range ? `, ${range.join("–")}` : "";
  return `${promised.padEnd(nameWidth + 40)} ${rounds} ${rounds === 1 ? "round" : "rounds"}${spread}${machine?.isBusy ? "  busy" : ""}`;
}

const nameWidth = 86;
