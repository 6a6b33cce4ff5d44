import { create, fromBinary, toBinary } from "@bufbuild/protobuf";

import {
  type GroupMessage,
  type GroupMessage_V1,
  GroupMessage_V1Schema,
  GroupMessageSchema,
  type GroupMessageInput_V1,
} from "../gen/xmtp/mls/api/v1/mls_pb.ts";
import type { ParsedGroupMessage } from "../mls/parseGroupMessage.ts";
import type { Entry } from "../store/createLog.ts";

/** The log entry's body for a group message: the message without its id and its time. */
export function groupMessageBody(input: GroupMessageInput_V1, parsed: ParsedGroupMessage): Uint8Array {
  const { data, senderHmac, shouldPush } = input;
  return toBinary(GroupMessage_V1Schema, create(GroupMessage_V1Schema, { ...parsed, data, senderHmac, shouldPush }));
}

/** The group message that a log entry stands for. */
export function groupMessageOf(entry: Entry): GroupMessage {
  return wrap(completeMessage(entry));
}

/** The same without content: id, time, group and whether it is a commit. */
export function groupMessageMetadataOf(entry: Entry): GroupMessage {
  const { id, createdNs, groupId, isCommit } = completeMessage(entry);
  return wrap(create(GroupMessage_V1Schema, { id, createdNs, groupId, isCommit }));
}

function completeMessage({ id, createdNs, body }: Entry): GroupMessage_V1 {
  return Object.assign(fromBinary(GroupMessage_V1Schema, body), { id, createdNs });
}

function wrap(value: GroupMessage_V1): GroupMessage {
  return create(GroupMessageSchema, { version: { case: "v1", value } });
}
