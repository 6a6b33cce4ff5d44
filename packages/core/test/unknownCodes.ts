import type { TextCatalogue } from "../src/texts/textCatalogue.ts";
import { describeClosing } from "../src/texts/describeClosing.ts";
import { describeRestoredConversation } from "../src/texts/describeRestoredConversation.ts";
import { describeDue } from "../src/texts/describeDue.ts";
import { describeHealth } from "../src/texts/describeHealth.ts";
import { describeNextRun } from "../src/texts/describeNextRun.ts";
import { describeNotice } from "../src/texts/describeNotice.ts";
import { describeNotRestored } from "../src/texts/describeNotRestored.ts";
import { describeReminder } from "../src/texts/describeReminder.ts";
import { describeRestore } from "../src/texts/describeRestore.ts";
import { describeRetention } from "../src/texts/describeRetention.ts";

/** What each function that makes words is given by a tab of another version of the app: codes that this one lacks, and fields that it left out. */
export function fromAnotherVersion(texts?: TextCatalogue): unknown[] {
  const style = { texts, timeZone: "Europe/Berlin", nowMs: 0 };
  /** As it arrives: of no type that this version knows. */
  const given = <Code>(code: unknown) => code as Code;
  const odd = ["unheardOf", "toString", ""];
  const due = { reason: "first" };
  const calls = <Code>(describe: (code: Code) => unknown, codes: readonly unknown[]) => codes.map((code) => describe(given<Code>(code)));
  const conversation = {
    id: "a",
    kind: "dm",
    status: "waiting",
    consent: "allowed",
    gap: { fromMs: 0 },
    restoredAtMs: 0,
    expectation: { outlook: "soon", reason: "quiet" },
  };
  return odd.flatMap((code) => [
    ...calls(
      (each: Parameters<typeof describeDue>[0]) => describeDue(each, style),
      [{ reason: code }, { reason: "schedule", schedule: code }, { reason: "missed", schedule: code }],
    ),
    ...calls(
      (each: Parameters<typeof describeNextRun>[0]) => describeNextRun(each, style),
      [
        { why: code },
        { why: code, due },
        { why: "schedule", schedule: code },
        ...["due", "settling", "pause", "user", "conditions"].flatMap((why) => [
          { why, unmet: [{ condition: code, reason: code }] },
          { why, due: { reason: code }, unmet: [{ condition: "network", reason: code }] },
        ]),
        { why: "backoff", failures: 1 },
        { why: "backoff", failures: 2, due: { reason: code } },
        { why: "conditions" },
      ],
    ),
    ...calls(
      (each: Parameters<typeof describeHealth>[0]) => describeHealth(each, style),
      [
        { level: "warning", reason: code },
        { level: code, reason: "protected" },
        { level: code, reason: code },
        { level: "warning", reason: "partial", why: code },
      ],
    ),
    ...calls((each: Parameters<typeof describeReminder>[0]) => describeReminder(each, style), [{ id: "1", kind: code, action: code }]),
    ...calls(
      (each: Parameters<typeof describeRetention>[0][number]) => describeRetention([each], style),
      [
        { reason: code },
        { reason: "notWhole", why: code },
        { reason: "period", period: code, place: 1, of: 2 },
        { reason: "period", period: code, place: 1, of: "all" },
        { reason: "oldest", period: code, of: 2 },
      ],
    ),
    ...calls(
      (each: Parameters<typeof describeClosing>[0]) => describeClosing(each, style),
      [{ safe: false, losing: code }, { safe: false }],
    ),
    ...calls(
      (each: Parameters<typeof describeNotice>[0]) => describeNotice(each, style),
      [{ type: code }, { type: code, active: 1, total: 2 }],
    ),
    ...calls(
      (each: Parameters<typeof describeRestore>[0]) => describeRestore(each, style),
      [{ route: code, reasons: [code], then: [code] }],
    ),
    ...calls((each: Parameters<typeof describeNotRestored>[0]) => describeNotRestored(each, style), [{ limits: [code] }]),
    ...calls(
      (each: Parameters<typeof describeRestoredConversation>[0]) => describeRestoredConversation(each, style),
      [
        { ...conversation, status: code },
        { ...conversation, kind: code },
        { ...conversation, expectation: { outlook: code, reason: code } },
        ...["soon", "whenSomeoneWrites", "unlikely"].map((outlook) => ({ ...conversation, expectation: { outlook, reason: code } })),
        { ...conversation, kind: code, status: "stalled", expectation: { outlook: "soon", reason: code } },
      ],
    ),
  ]);
}
