import type { ArchivePreview, ArchivePreviewConversation } from "../model/archiveReport.ts";
import type { ArchiveMessage, DeliveryStatus } from "../model/archiveRecord.ts";
import type { TranscriptContent } from "./transcriptContent.ts";

/** One form of transcript; each part is text that follows the one before. */
export type TranscriptWriter = {
  start(preview: ArchivePreview, names: TranscriptNames): string;
  conversation(conversation: ArchivePreviewConversation): string;
  message(message: ArchiveMessage, content: TranscriptContent): string;
  endConversation(): string;
  end(): string;
};

/** Names of people by their inbox ids. */
export type TranscriptNames = Readonly<Record<string, string>>;

/** A time as ISO 8601 in UTC; empty for one that no calendar holds. */
export const isoTime = (timeNs: bigint): string => {
  const date = new Date(Number(timeNs / 1_000_000n));
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
};

/** Whether a message was never sent. */
export const isUnsent = (deliveryStatus: DeliveryStatus): boolean => deliveryStatus === "unpublished" || deliveryStatus === "failed";
