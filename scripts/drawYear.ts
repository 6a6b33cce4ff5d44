import type { BackupPolicy } from "@xmtp-backup/core";
import { type Scenario, simulatePolicy } from "@xmtp-backup/testing";

/** A year of somebody who writes a little, with two weeks away from the device and one very talkative week. */
export const year: Scenario = {
  startMs: Date.UTC(2026, 0, 1),
  messagesPerDay: 3,
  conversationsPerDay: 0.02,
  asleep: [{ fromDay: 195, toDay: 209 }],
  heavyDays: [{ fromDay: 95, toDay: 102, messagesPerDay: 60 }],
};

const dayMs = 86_400_000;
const [side, gap] = [12, 2];
const cell = side + gap;
const firstDay = Math.floor((year.startMs ?? 0) / dayMs);
const [left, top] = [44, 34];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const marks = [
  ["first", "first backup"],
  ["schedule", "backup on schedule"],
  ["activity", "backup after many messages"],
  ["asleep", "device off"],
  ["prompt", "suggestion to the user"],
  ["verification", "archive verified"],
] as const;

/** What a policy makes of that year, as a picture: a row for each month, a square for each day. The same input gives the same bytes. */
export async function drawYear(title: string, policy: BackupPolicy): Promise<string> {
  const simulation = await simulatePolicy(policy, year);
  const rows = new Map<string, string>();
  const dots: string[] = [];
  const place = (atMs: number) => {
    const date = new Date(atMs);
    return { x: left + (date.getUTCDate() - 1) * cell, y: top + date.getUTCMonth() * cell };
  };
  const triggers = new Map(simulation.backups.map(({ atMs, trigger }) => [Math.floor(atMs / dayMs), trigger]));
  const markOf = (day: number) => {
    const isAsleep = year.asleep?.some(({ fromDay, toDay }) => day >= fromDay && day < toDay);
    return triggers.get(firstDay + day) ?? (isAsleep ? "asleep" : "quiet");
  };
  for (let day = 0; day < 365; ) {
    const { x, y } = place((firstDay + day) * dayMs);
    let next = day + 1;
    while (next < 365 && markOf(next) === markOf(day) && place((firstDay + next) * dayMs).y === y) next += 1;
    rows.set(markOf(day), `${rows.get(markOf(day)) ?? ""}${squares(x, y, next - day)}`);
    day = next;
  }
  const days = [...rows].map(([name, row]) => `<path class="${name}" d="${row}"/>`);
  for (const { atMs } of simulation.prompts) dots.push(dot(place(atMs), "prompt", 3));
  for (const { atMs } of simulation.verifications) dots.push(dot(place(atMs), "verification", 2.5));
  const labels = months.map((name, month) => `<text x="6" y="${top + month * cell + 10}">${name}</text>`);
  const legend = marks.map(([name, text], index) => {
    const [x, y] = [left + (index % 3) * 170, top + 12 * cell + 10 + Math.floor(index / 3) * 18];
    const mark =
      name === "prompt" || name === "verification"
        ? dot({ x, y }, name, name === "prompt" ? 3 : 2.5)
        : `<path class="${name}" d="${squares(x, y, 1)}"/>`;
    return `${mark}<text x="${x + 18}" y="${y + 10}">${text}</text>`;
  });
  const { backups, removals, archives } = simulation;
  const summary = `${title}: ${backups.length} backups, ${removals.length} old archives removed, ${archives.length} kept`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 500 ${top + 12 * cell + 54}" role="img" aria-label="${summary}">
<style>${style}</style>
<text class="title" x="6" y="20">${summary}</text>
${[...labels, ...days, ...dots, ...legend].join("\n")}
</svg>
`;
}

/** Some squares side by side: one thick line, whose dashes are the days. */
function squares(x: number, y: number, count: number): string {
  return `M${x} ${y + side / 2}h${count * cell - gap}`;
}

function dot({ x, y }: { x: number; y: number }, name: string, radius: number): string {
  return `<circle class="${name}" cx="${x + cell / 2 - 1}" cy="${y + cell / 2 - 1}" r="${radius}"/>`;
}

/** Colours that are told apart in light and in dark. */
const style =
  `text{font:10px sans-serif;fill:#444}.title{font-size:12px}path{stroke-width:${side};stroke-dasharray:${side} ${gap}}` +
  ".quiet{stroke:#e8e8ec}.asleep{stroke:#b8b8c4}.first{stroke:#7b4fc4}.schedule{stroke:#2f6fde}.activity{stroke:#e08a1e}" +
  ".prompt{fill:none;stroke:#b3261e;stroke-width:1.5}.verification{fill:#1b8a5a;stroke:#fff;stroke-width:.8}" +
  "@media(prefers-color-scheme:dark){text{fill:#ccc}.quiet{stroke:#33343c}.asleep{stroke:#5b5c6b}.prompt{stroke:#ff8a80}}";
