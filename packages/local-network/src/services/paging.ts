import { create } from "@bufbuild/protobuf";

import { type PagingInfo, PagingInfoSchema } from "../gen/xmtp/mls/api/v1/mls_pb.ts";
import type { Entry, Log } from "../store/createLog.ts";

/** The wire values of a paging direction. */
export const direction = { unspecified: 0, ascending: 1, descending: 2 } as const;

/** The largest page, which is also what a request without a valid limit gets. */
export const maxPageSize = 100;

/** A page of entries and the paging information that goes with it. */
export type Page = { entries: Entry[]; pagingInfo: PagingInfo };

/**
 * Reads one page of a topic. The answer's cursor is the last id if the page is full and there may be more, else 0.
 * Without a direction, the newest entries come first.
 */
export function readPage(log: Log, topic: Uint8Array, asked: PagingInfo | undefined): Page {
  const limit = asked && asked.limit > 0 && asked.limit <= maxPageSize ? asked.limit : maxPageSize;
  const ascending = asked?.direction === direction.ascending;
  const entries = log.page(topic, {
    cursor: asked?.idCursor ?? 0n,
    order: ascending ? "ascending" : "descending",
    limit,
  });
  const pagingInfo = create(PagingInfoSchema, {
    direction: ascending ? direction.ascending : direction.descending,
    limit,
    idCursor: entries.length === limit ? entries[limit - 1]!.id : 0n,
  });
  return { entries, pagingInfo };
}
