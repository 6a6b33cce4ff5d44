import type { ArchiveDetails } from "./archiveEntry.ts";

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isTime: Check = (value) => Number.isFinite(value);
const isNs: Check = (value) => typeof value === "bigint";
const isFlag: Check = (value) => typeof value === "boolean";
const isListOf =
  (isItem: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(isItem);

const isHash: Check = (value) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);

const needed: Readonly<Record<string, Check>> = {
  inboxId: isText,
  installationId: isText,
  elements: isListOf(isText),
  counts: isWith({ conversations: isCount, messages: isCount, consentRecords: isCount }),
  conversations: isListOf(
    isWith(
      { id: isText, messages: isCount },
      { wasRemoved: isFlag, hasLeft: isFlag, disappears: isFlag, unsent: isCount, later: isCount, revision: isCount },
    ),
  ),
  sha256: isHash,
  records: isCount,
  trigger: isText,
};

const optional: Readonly<Record<string, Check>> = {
  name: isText,
  network: isText,
  startNs: isNs,
  endNs: isNs,
  firstMessageNs: isNs,
  lastMessageNs: isNs,
  missingMessages: isCount,
  lacks: isWith(
    {
      conversations: isListOf(isWith({}, { id: isText, kind: isText, messages: isCount, isBroken: isFlag })),
      ranges: isListOf(isWith({}, { startNs: isNs, endNs: isNs, messages: isCount })),
    },
    { consent: isFlag },
  ),
  deletedMessages: isListOf(isWith({ id: isText, sentNs: isListOf(isNs) })),
  cutNs: isNs,
  freshAtMs: isTime,
  updatedFrom: isText,
  withoutDisappearing: isFlag,
  madeByRevoked: isFlag,
  increment: isWith(
    {
      baseId: isText,
      baseSha256: isHash,
      chainLength: isCount,
      replaces: isListOf(isWith({}, { startNs: isNs, endNs: isNs })),
    },
    { butOf: isListOf(isText), replacesConsent: isFlag },
  ),
  parent: isText,
  pinned: isFlag,
  verifiedAtMs: isTime,
  changedAtMs: isTime,
  appVersion: isText,
};

/**
 * Whether the opened part of a manifest has the shape that this version reads; fields of a later version may stand beside it.
 *
 * The seal says who wrote it, and not that they wrote it well.
 */
export const isArchiveDetails = isWith(needed, optional) as (value: unknown) => value is ArchiveDetails;

function isWith(neededFields: Readonly<Record<string, Check>>, optionalFields: Readonly<Record<string, Check>> = {}): Check {
  const [must, may] = [Object.entries(neededFields), Object.entries(optionalFields)];
  return (value) => {
    if (typeof value !== "object" || value === null) return false;
    const fields = value as Readonly<Record<string, unknown>>;
    return (
      must.every(([name, check]) => check(fields[name])) && may.every(([name, check]) => fields[name] === undefined || check(fields[name]))
    );
  };
}
