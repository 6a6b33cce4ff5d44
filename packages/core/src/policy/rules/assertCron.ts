import { BackupError } from "../../errors/backupError.ts";

/** `steps` is the widest step: how many different values there are; Sunday is both 0 and 7. */
type Field = { name: string; from: number; to: number; steps: number; names?: string; special?: RegExp };

const fields: readonly Field[] = [
  { name: "minute", from: 0, to: 59, steps: 60 },
  { name: "hour", from: 0, to: 23, steps: 24 },
  { name: "day", from: 1, to: 31, steps: 31, special: /^L$/ },
  { name: "month", from: 1, to: 12, steps: 12, names: "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC" },
  {
    name: "weekday",
    from: 0,
    to: 7,
    steps: 7,
    names: "SUNMONTUEWEDTHUFRISAT",
    special: /^([0-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5L])$/,
  },
];

/** The longest that each month can be. */
const longestMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Checks a cron pattern without the library, so that a bad policy is refused at once.
 *
 * @throws POLICY_INVALID when it is not five fields of numbers, names, ranges, lists and steps, or can never fire
 */
export function assertCron(pattern: unknown): void {
  const refuse = (message: string): never => {
    throw new BackupError("POLICY_INVALID", `frequency.cron ${JSON.stringify(pattern)} ${message}`);
  };
  const texts = typeof pattern === "string" ? pattern.trim().split(/\s+/) : [];
  if (texts.length !== 5) return refuse("needs five fields: minute, hour, day, month and weekday.");
  const sets = fields.map((field, index) => {
    const set = readField(texts[index]?.toUpperCase() ?? "", field);
    return set ?? refuse(`has a ${field.name} that is not understood: ${JSON.stringify(texts[index])}.`);
  });
  const [days, months] = [sets[2], sets[3]];
  const isAnyWeekday = texts[4] === "*";
  const exists = (months ?? []).some((month) => (days ?? []).some((day) => day <= (longestMonths[month - 1] ?? 0)));
  if (isAnyWeekday && !exists) refuse("never fires: no such day exists in those months.");
}

/** The numbers that a field allows; undefined when it is not understood. The last day of a month counts as its first, as it always exists. */
function readField(text: string, field: Field): number[] | undefined {
  const numbers: number[] = [];
  for (const part of text.split(",")) {
    if (field.special?.test(part)) {
      numbers.push(field.from);
      continue;
    }
    const [, range = "", step] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const [first = "", last = first, ...rest] = range === "*" ? [`${field.from}`, `${field.to}`] : range.split("-");
    const from = toNumber(first, field);
    const to = last === "SUN" && last !== first ? field.to : toNumber(last, field);
    const stride = step === undefined ? 1 : Number(step);
    const isWhole = from !== undefined && to !== undefined && from <= to && rest.length === 0;
    const isStepAllowed = step === undefined || (stride > 0 && stride <= field.steps && (range === "*" || range.includes("-")));
    if (!isWhole || !isStepAllowed) return undefined;
    for (let number = from; number <= to; number += stride) numbers.push(number);
  }
  return numbers;
}

/** A number or name of a field. */
function toNumber(text: string, { from, to, names = "" }: Field): number | undefined {
  const position = /^[A-Z]{3}$/.test(text) ? names.indexOf(text) : -1;
  if (position >= 0 && position % 3 === 0) return position / 3 + from;
  const number = /^\d{1,2}$/.test(text) ? Number(text) : -1;
  return number >= from && number <= to ? number : undefined;
}
