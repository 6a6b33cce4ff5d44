import type { ExportRequest, MessageRange } from "../../ports/host.ts";
import { withoutRange } from "./timeRanges.ts";

/** Where the consent records are that a request wants: with the first range, in an export of their own before it, or nowhere. */
export type ConsentPlace = "first" | "apart" | "none";

/** One export of each range. Consent has no time range, so each slice would hold all of it: one export does. */
export function requestsOf(request: ExportRequest, ranges: readonly MessageRange[], consent: ConsentPlace): ExportRequest[] {
  const { elements, ...rest } = withoutRange(request);
  const withoutConsent = elements.filter((element) => element !== "consent");
  const apart: ExportRequest[] = consent === "apart" && elements.includes("consent") ? [{ ...rest, elements: ["consent"] }] : [];
  const isWithConsent = (index: number) => consent === "first" && index === 0;
  return [...apart, ...ranges.map((range, index) => ({ ...rest, ...range, elements: isWithConsent(index) ? elements : withoutConsent }))];
}
