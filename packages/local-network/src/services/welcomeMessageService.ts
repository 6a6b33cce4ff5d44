import { create } from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import type { ServiceImpl } from "@connectrpc/connect";

import { type MlsApi, QueryWelcomeMessagesResponseSchema } from "../gen/xmtp/mls/api/v1/mls_pb.ts";
import type { Feed } from "../live/createFeed.ts";
import { fingerprint } from "./fingerprint.ts";
import { readPage } from "./paging.ts";
import { invalidArgument, unknownError } from "./rejections.ts";
import { welcomeEntryOf, welcomeMessageOf } from "./welcomeMessageEntry.ts";

/** Sending, querying and following the welcomes of installations. A welcome that is there already is left out. */
export function welcomeMessageService(welcomes: Feed) {
  return {
    sendWelcomeMessages({ messages }) {
      if (messages.length === 0) throw invalidArgument("no welcome messages to send");
      for (const { installationKey, payload, body } of messages.map(welcomeEntryOf)) {
        welcomes.append(installationKey, body, fingerprint(installationKey, payload));
      }
      return create(EmptySchema);
    },
    queryWelcomeMessages({ installationKey, pagingInfo: asked }) {
      if (installationKey.length === 0) throw unknownError("installation is required");
      const { entries, pagingInfo } = readPage(welcomes, installationKey, asked);
      return create(QueryWelcomeMessagesResponseSchema, { messages: entries.map(welcomeMessageOf), pagingInfo });
    },
    async *subscribeWelcomeMessages({ filters }, { signal }) {
      if (filters.length === 0) throw invalidArgument("no valid filters provided");
      if (filters.some(({ installationKey }) => installationKey.length === 0)) {
        throw invalidArgument("a filter's installation key is empty");
      }
      const positions = filters.map(({ installationKey, idCursor }) => ({ topic: installationKey, cursor: idCursor }));
      for await (const entry of welcomes.follow(positions, signal)) yield welcomeMessageOf(entry);
    },
  } satisfies Partial<ServiceImpl<typeof MlsApi>>;
}
