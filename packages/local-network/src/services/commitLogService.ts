import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import type { ServiceImpl } from "@connectrpc/connect";

import {
  BatchQueryCommitLogResponseSchema,
  type MlsApi,
  PagingInfoSchema,
  type PublishCommitLogRequest,
  type QueryCommitLogRequest,
} from "../gen/xmtp/mls/api/v1/mls_pb.ts";
import { type CommitLogEntry, CommitLogEntrySchema } from "../gen/xmtp/mls/message_contents/commit_log_pb.ts";
import type { Entry, Log } from "../store/createLog.ts";
import { direction, readPage } from "./paging.ts";
import { internalError, invalidArgument } from "./rejections.ts";

const maxInserts = 10;
const maxQueries = 20;

/** Publishing and querying the commit logs of groups. */
export function commitLogService(log: Log) {
  function query({ groupId, pagingInfo: asked }: QueryCommitLogRequest) {
    if (asked?.direction === direction.descending) throw internalError("descending direction is not supported");
    const { entries, pagingInfo } = readPage(log, groupId, { ...(asked ?? create(PagingInfoSchema)), direction: direction.ascending });
    return { groupId, commitLogEntries: entries.map(commitLogEntryOf), pagingInfo };
  }

  return {
    batchPublishCommitLog({ requests }) {
      if (requests.length === 0) throw invalidArgument("no log entries to publish");
      if (requests.length > maxInserts) throw invalidArgument(`cannot exceed ${maxInserts} inserts in single batch`);
      for (const { groupId, body } of requests.map(readRequest)) log.append(groupId, body);
      return create(EmptySchema);
    },
    batchQueryCommitLog({ requests }) {
      if (requests.length === 0) throw invalidArgument("no requests to query");
      if (requests.length > maxQueries) throw invalidArgument(`cannot exceed ${maxQueries} queries in single batch`);
      if (requests.some(({ groupId }) => groupId.length === 0)) throw invalidArgument("invalid request");
      return create(BatchQueryCommitLogResponseSchema, { responses: requests.map(query) });
    },
  } satisfies Partial<ServiceImpl<typeof MlsApi>>;
}

function readRequest({ groupId, serializedCommitLogEntry, signature }: PublishCommitLogRequest) {
  if (groupId.length === 0 || serializedCommitLogEntry.length === 0 || signature === undefined) {
    throw invalidArgument("invalid commit log entry");
  }
  const entry = create(CommitLogEntrySchema, { serializedCommitLogEntry, signature });
  return { groupId, body: toBinary(CommitLogEntrySchema, entry) };
}

function commitLogEntryOf({ id, body }: Entry): CommitLogEntry {
  return Object.assign(fromBinary(CommitLogEntrySchema, body), { sequenceId: id });
}
