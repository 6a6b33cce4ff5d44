import type { ArchiveConsent, ArchiveGroup } from "../model/archiveRecord.ts";
import type { RecordScan } from "../protobuf/recordScan.ts";
import { dmPair } from "../facts/dmPair.ts";

/**
 * What an importer that follows the format refuses, and a whole archive with it. A value that only this package does not know is not refused:
 * the SDK that wrote it can read it.
 */
const GROUP_ID_BYTES = 16;

export const isRefusedMessage = ({ messageKind, deliveryStatus, groupStart, groupEnd }: RecordScan): boolean =>
  messageKind === 0 || deliveryStatus === 0 || groupEnd - groupStart !== GROUP_ID_BYTES;

export const isRefusedGroup = ({ id, conversationType, dmId }: ArchiveGroup): boolean =>
  id.length !== GROUP_ID_BYTES * 2 || conversationType === "unspecified" || (conversationType === "dm" && dmPair(dmId) === undefined);

export const isRefusedConsent = ({ entityType, state }: ArchiveConsent): boolean =>
  entityType === "unspecified" || entityType === "address" || state === "unspecified";
