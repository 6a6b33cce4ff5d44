import { compare } from "../util/compare.ts";
import type { ArchiveConsent, ArchiveGroup, ConsentState } from "../model/archiveRecord.ts";
import type { ArchivePreview, ArchivePreviewConversation, ArchiveReport } from "../model/archiveReport.ts";
import { Pace } from "../util/pace.ts";
import { decodeRecord } from "../protobuf/recordCodec.ts";
import { groupValuesOf } from "../restored/groupValues.ts";
import type { LeftOut } from "./decideLeftOut.ts";
import type { ArchiveSurvey, SurveyedConversation } from "../survey/archiveSurvey.ts";

/** The inbox ids of a direct message's two members, from an id of the form `dm:<inbox id>:<inbox id>`. */
const membersOf = (dmId: string | undefined): string[] => dmId?.split(":", 3).slice(1) ?? [];

const describe = (
  { times }: SurveyedConversation,
  group: ArchiveGroup,
  consent: ConsentState | undefined,
  messageCount: number,
): ArchivePreviewConversation => {
  const attributes = group.mutableMetadata?.attributes ?? {};
  const { membershipState: _state, ...values } = groupValuesOf(group) ?? {};
  return {
    id: group.id,
    type: group.conversationType,
    name: attributes["group_name"] ?? "",
    description: attributes["description"] ?? "",
    imageUrl: attributes["group_image_url_square"] ?? "",
    memberInboxIds: membersOf(group.dmId),
    createdAtNs: group.createdAtNs,
    ...values,
    ...(Object.keys(values).length === 0 && { isPlaceholder: true }),
    consent: consent ?? "unknown",
    ...(group.membershipState === "pendingRemove" && { hasLeft: true }),
    messageCount,
    ...times.toObject(),
  };
};

/** The time to sort by: of the last message, or of the conversation itself. */
const lastActivityNs = ({ lastMessageNs, createdAtNs }: ArchivePreviewConversation): bigint => lastMessageNs ?? createdAtNs;

/** How many records are decoded between two rests. */
const RECORDS_PER_REST = 16;

/** The newest record of each decision, by what it is about. */
export const decisionsOf = async (
  { kept }: ArchiveSurvey,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, ArchiveConsent>> => {
  const pace = new Pace(signal);
  const newest = new Map<string, ArchiveConsent>();
  for (const [index, bytes] of kept.consent.entries()) {
    if (index % RECORDS_PER_REST === 0) await pace.rest();
    const record = decodeRecord(bytes);
    if (record.kind !== "consent") continue;
    const { consent } = record;
    const name = `${consent.entityType}:${consent.entity}`;
    if ((newest.get(name)?.consentedAtNs ?? consent.consentedAtNs) <= consent.consentedAtNs) newest.set(name, consent);
  }
  return newest;
};

/** A restore screen's view of a survey that kept its records. */
export const describeSurvey = async (
  survey: ArchiveSurvey,
  decisions: ReadonlyMap<string, ArchiveConsent>,
  leftOut: LeftOut,
  { metadata, sizeBytes, orphanMessages, counts, firstMessageNs, lastMessageNs }: ArchiveReport,
  { signal, withOddDms = false }: { signal?: AbortSignal | undefined; withOddDms?: boolean },
): Promise<ArchivePreview> => {
  const pace = new Pace(signal);
  const conversations: ArchivePreviewConversation[] = [];
  let messages = 0;
  let oddDms = 0;
  for (const conversation of survey.conversations) {
    if (conversation.isOdd) oddDms++;
    if (!conversation.isPlaceable || (conversation.isOdd && !withOddDms)) continue;
    const messageCount = conversation.messageCount - leftOut.messagesOf(conversation);
    messages += messageCount;
    const record = decodeRecord(conversation.bytes as Uint8Array);
    const state = record.kind === "group" ? decisions.get(`conversationId:${record.group.id}`)?.state : undefined;
    if (record.kind === "group") conversations.push(describe(conversation, record.group, state, messageCount));
    await pace.rest();
  }
  conversations.sort((a, b) => compare(lastActivityNs(b), lastActivityNs(a)));
  return {
    metadata,
    sizeBytes,
    conversations,
    messages,
    leftOut: leftOut.counts,
    unsentMessages: leftOut.unsentMessages,
    oddDms,
    orphanMessages,
    consent: counts.consent,
    ...(firstMessageNs === undefined ? {} : { firstMessageNs }),
    ...(lastMessageNs === undefined ? {} : { lastMessageNs }),
  };
};
