import type { ArchiveConsent, ArchiveGroup } from "../model/archiveRecord.ts";
import type { RecordScan } from "../protobuf/recordScan.ts";

/** The conditions under which an SDK can store a record (docs/sdk-facts.md#import-stops-at-a-bad-record). Others are left out. */
const GROUP_ID_BYTES = 16;
/** Both inbox ids: anything shorter ends the process. */
const dmIdPattern = /^dm:[0-9a-f]{64}:[0-9a-f]{64}$/i;

export const isImportableMessage = (scan: RecordScan): boolean =>
  (scan.messageKind === 1 || scan.messageKind === 2) &&
  scan.deliveryStatus >= 1 &&
  scan.deliveryStatus <= 3 &&
  scan.groupEnd - scan.groupStart === GROUP_ID_BYTES;

export const isImportableGroup = ({ id, conversationType, dmId }: ArchiveGroup): boolean =>
  id.length === GROUP_ID_BYTES * 2 &&
  (conversationType === "group" || conversationType === "sync" || (conversationType === "dm" && dmIdPattern.test(dmId ?? "")));

export const isImportableConsent = ({ entityType, state }: ArchiveConsent): boolean =>
  (entityType === "conversationId" || entityType === "inboxId") && (state === "unknown" || state === "allowed" || state === "denied");
