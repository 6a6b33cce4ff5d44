import type { ArchivePreview, ArchivePreviewConversation } from "../model/report.ts";
import type { ArchiveGroup, ConsentState } from "../model/record.ts";
import { compare } from "../compare.ts";
import { Pace } from "../pace.ts";
import { decodeRecord } from "../protobuf/record-codec.ts";
import { ELEMENT } from "../protobuf/scan.ts";
import { ArchiveSurvey, type SurveyedConversation } from "../survey/archive-survey.ts";
import { surveyReport } from "../survey/report.ts";
import { missingMetadata } from "./missing-metadata.ts";
import { openArchive } from "./open-archive.ts";
import type { ArchiveReadOptions } from "./options.ts";

/** The inbox ids of a direct message's two members, from an id of the form `dm:<inbox id>:<inbox id>`. */
const membersOf = (dmId: string | undefined): string[] => dmId?.split(":").slice(1) ?? [];

const describe = (
  { messageCount, times }: SurveyedConversation,
  group: ArchiveGroup,
  consent: ConsentState | undefined,
): ArchivePreviewConversation => {
  const attributes = group.mutableMetadata?.attributes ?? {};
  return {
    id: group.id,
    type: group.conversationType,
    name: attributes["group_name"] ?? "",
    description: attributes["description"] ?? "",
    imageUrl: attributes["group_image_url_square"] ?? "",
    memberInboxIds: membersOf(group.dmId),
    createdAtNs: group.createdAtNs,
    consent: consent ?? "unknown",
    messageCount,
    ...times.toObject(),
  };
};

/** The time to sort by: of the last message, or of the conversation itself. */
const lastActivityNs = ({ lastMessageNs, createdAtNs }: ArchivePreviewConversation): bigint => lastMessageNs ?? createdAtNs;

/**
 * Reads an archive for a restore screen: the conversations it holds, the latest first, with names and message counts.
 * Names and other texts are written by other people; show them as text.
 *
 * @throws as {@link validateArchive} does.
 *
 * @example
 * ```ts
 * import { previewArchive } from "@xmtp-backup/archive";
 *
 * export const listConversations = async (archive: Blob, key: Uint8Array) => {
 *   const { conversations } = await previewArchive(archive, key);
 *   return conversations.map(({ name, messageCount }) => `${name}: ${messageCount} messages`);
 * };
 * ```
 */
export const previewArchive = async (
  blob: Blob,
  key: Uint8Array,
  options: ArchiveReadOptions = {},
): Promise<ArchivePreview> => {
  const survey = new ArchiveSurvey(true);
  const consent = new Map<string, { state: ConsentState; consentedAtNs: bigint }>();
  for await (const { records } of openArchive(blob, key, options)) {
    for (const bytes of records) {
      survey.add(bytes);
      if (survey.scan.element !== ELEMENT.consent) continue;
      const record = decodeRecord(survey.scan.bytes);
      if (record.kind !== "consent") continue;
      const { entity, state, consentedAtNs } = record.consent;
      if ((consent.get(entity)?.consentedAtNs ?? consentedAtNs) <= consentedAtNs) consent.set(entity, { state, consentedAtNs });
    }
  }
  if (survey.metadata === undefined) throw missingMetadata();
  const { importable, orphanMessages, counts, firstMessageNs, lastMessageNs } = surveyReport(survey);
  const pace = new Pace(options.signal);
  const conversations: ArchivePreviewConversation[] = [];
  for (const conversation of survey.conversations) {
    if (!conversation.isPlaceable) continue;
    const record = decodeRecord(conversation.bytes as Uint8Array);
    if (record.kind === "group") conversations.push(describe(conversation, record.group, consent.get(record.group.id)?.state));
    await pace.rest();
  }
  conversations.sort((a, b) => compare(lastActivityNs(b), lastActivityNs(a)));
  return {
    metadata: survey.metadata,
    sizeBytes: blob.size,
    conversations,
    messages: importable.messages,
    orphanMessages,
    consent: counts.consent,
    ...(firstMessageNs === undefined ? {} : { firstMessageNs }),
    ...(lastMessageNs === undefined ? {} : { lastMessageNs }),
  };
};
