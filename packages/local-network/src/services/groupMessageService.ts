import { create } from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import type { ServiceImpl } from "@connectrpc/connect";

import {
  GetNewestGroupMessageResponseSchema,
  type GroupMessageInput,
  type MlsApi,
  QueryGroupMessagesResponseSchema,
} from "../gen/xmtp/mls/api/v1/mls_pb.ts";
import type { Feed } from "../live/createFeed.ts";
import { MlsFormatError } from "../mls/createReader.ts";
import { parseGroupMessage } from "../mls/parseGroupMessage.ts";
import { fingerprint } from "./fingerprint.ts";
import { groupMessageBody, groupMessageMetadataOf, groupMessageOf } from "./groupMessageEntry.ts";
import { readPage } from "./paging.ts";
import { invalidArgument, unknownError } from "./rejections.ts";

/** Sending, querying and following the messages of groups. A message that is there already is left out. */
export function groupMessageService(messages: Feed) {
  return {
    sendGroupMessages(request) {
      if (request.messages.length === 0) throw invalidArgument("no group messages to send");
      for (const { groupId, data, body } of request.messages.map(readInput)) {
        messages.append(groupId, body, fingerprint(groupId, data));
      }
      return create(EmptySchema);
    },
    queryGroupMessages({ groupId, pagingInfo: asked }) {
      if (groupId.length === 0) throw unknownError("group is required");
      const { entries, pagingInfo } = readPage(messages, groupId, asked);
      return create(QueryGroupMessagesResponseSchema, { messages: entries.map(groupMessageOf), pagingInfo });
    },
    async *subscribeGroupMessages({ filters }, { signal }) {
      if (filters.some(({ groupId }) => groupId.length === 0)) throw unknownError("group is required");
      const positions = filters.map(({ groupId, idCursor }) => ({ topic: groupId, cursor: idCursor }));
      for await (const entry of messages.follow(positions, signal)) yield groupMessageOf(entry);
    },
    getNewestGroupMessage({ groupIds, includeContent }) {
      if (groupIds.length === 0) throw invalidArgument("no group ids provided");
      const present = includeContent ? groupMessageOf : groupMessageMetadataOf;
      return create(GetNewestGroupMessageResponseSchema, {
        responses: groupIds.map((groupId) => {
          const entry = messages.newest(groupId);
          return entry ? { groupMessage: present(entry) } : {};
        }),
      });
    },
  } satisfies Partial<ServiceImpl<typeof MlsApi>>;
}

function readInput({ version }: GroupMessageInput) {
  if (version.case !== "v1") throw invalidArgument("invalid group message: missing version");
  const { data } = version.value;
  try {
    const parsed = parseGroupMessage(data);
    return { groupId: parsed.groupId, data, body: groupMessageBody(version.value, parsed) };
  } catch (error) {
    if (error instanceof MlsFormatError) throw invalidArgument(`invalid group message: ${error.message}`, error);
    throw error;
  }
}
