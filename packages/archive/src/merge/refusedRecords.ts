import type { ArchiveConsent, ArchiveGroup } from "../model/archiveRecord.ts";
import type { RecordScan } from "../protobuf/recordScan.ts";
import { dmPair } from "../facts/dmPair.ts";

/**
 * Records for which an importer that follows the format refuses a whole archive (docs/sdk-facts.md#malformed-dms-are-refused). A
 * value that only this package does not know passes: the SDK that wrote it can read it.
 */
const GROUP_ID_BYTES = 16;

export const isRefusedMessage = ({ messageKind, deliveryStatus, groupStart, groupEnd }: RecordScan): boolean =>
  messageKind === 0 || deliveryStatus === 0 || groupEnd - groupStart !== GROUP_ID_BYTES;

export const isRefusedGroup = ({ id, conversationType, dmId }: ArchiveGroup): boolean =>
  id.length !== GROUP_ID_BYTES * 2 || conversationType === "unspecified" || (conversationType === "dm" && dmPair(dmId) === undefined);

export const isRefusedConsent = ({ entityType, state }: ArchiveConsent): boolean =>
  entityType === "unspecified" || entityType === "address" || state === "unspecified";
