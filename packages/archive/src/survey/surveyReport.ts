import type { ArchiveMetadata } from "../model/archiveRecord.ts";
import type { ArchiveConversationReport, ArchiveReport } from "../model/archiveReport.ts";
import { toHex } from "../protobuf/hex.ts";
import type { ArchiveSurvey, SurveyedConversation } from "./archiveSurvey.ts";

const conversationReport = ({ id, type, messageCount, unsent, disappears, times }: SurveyedConversation): ArchiveConversationReport => ({
  id: toHex(id),
  type: type ?? "unspecified",
  messageCount,
  ...(disappears && { disappears }),
  ...(unsent > 0 && { unsent }),
  ...times.toObject(),
});

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);

/** What a survey found, apart from what only the file tells. */
export const surveyReport = (survey: ArchiveSurvey): Omit<ArchiveReport, "version" | "isLegacy" | "sizeBytes" | "sha256"> => {
  const placeable = survey.conversations.filter(({ isPlaceable }) => isPlaceable);
  const orphans = survey.conversations.filter(({ isPlaceable, messageCount }) => !isPlaceable && messageCount > 0);
  return {
    metadata: survey.metadata as ArchiveMetadata,
    recordCount: survey.recordCount,
    counts: survey.counts,
    importable: {
      conversations: placeable.length,
      messages: sum(placeable.map(({ messageCount }) => messageCount)),
    },
    ...survey.times.toObject(),
    conversations: survey.conversations.filter(({ type }) => type !== undefined).map(conversationReport),
    orphans: orphans.map(conversationReport),
    orphanMessages: sum(orphans.map(({ messageCount }) => messageCount)),
    duplicates: survey.duplicates,
    misplacedMessages: sum(placeable.map(({ earlyMessages }) => earlyMessages)),
    unimportableRecords: survey.unimportable,
    unknownKinds: Array.from(survey.unknownKinds, ([fieldNumber, count]) => ({ fieldNumber, count })),
    recordsWithUnknownFields: survey.recordsWithUnknownFields,
  };
};
