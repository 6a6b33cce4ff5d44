import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";

import {
  GetIdentityUpdatesResponseSchema,
  GetInboxIdsResponseSchema,
  type IdentityApi,
  PublishIdentityUpdateResponseSchema,
} from "../gen/xmtp/identity/api/v1/identity_pb.ts";
import { IdentityUpdateSchema } from "../gen/xmtp/identity/associations/association_pb.ts";
import type { Store } from "../store/openStore.ts";
import { addressChangesOf, assertUpdateFits } from "./identityUpdate.ts";
import { unknownError } from "./rejections.ts";

const maxUpdates = 256;

/** The log of updates of each inbox, and the inbox of each address. */
export function identityService(store: Pick<Store, "identityUpdates" | "addresses" | "transaction">) {
  const { identityUpdates, addresses } = store;
  return {
    publishIdentityUpdate({ identityUpdate: update }) {
      if (update === undefined) throw unknownError("IdentityUpdate is required");
      const inbox = inboxBytes(update.inboxId);
      const updatesSoFar = identityUpdates.page(inbox, { cursor: 0n, limit: maxUpdates }).length;
      if (updatesSoFar >= maxUpdates) throw unknownError("inbox log is full");
      assertUpdateFits(update, { isFirst: updatesSoFar === 0 });
      store.transaction(() => {
        const sequenceId = identityUpdates.append(inbox, toBinary(IdentityUpdateSchema, update))!;
        for (const { kind, address } of addressChangesOf(update)) {
          if (kind === "added") addresses.associate(address, update.inboxId, sequenceId);
          else addresses.revoke(address, update.inboxId);
        }
      });
      return create(PublishIdentityUpdateResponseSchema);
    },
    getIdentityUpdates({ requests }) {
      return create(GetIdentityUpdatesResponseSchema, {
        responses: requests.map(({ inboxId, sequenceId: cursor }) => ({
          inboxId,
          updates: identityUpdates.page(inboxBytes(inboxId), { cursor }).map(({ id, createdNs, body }) => ({
            sequenceId: id,
            serverTimestampNs: createdNs,
            update: fromBinary(IdentityUpdateSchema, body),
          })),
        })),
      });
    },
    getInboxIds({ requests }) {
      return create(GetInboxIdsResponseSchema, {
        responses: requests.map(({ identifier, identifierKind }) => {
          const inboxId = addresses.inboxIdOf(identifier);
          return { identifier, identifierKind, ...(inboxId !== undefined && { inboxId }) };
        }),
      });
    },
  } satisfies Partial<ServiceImpl<typeof IdentityApi>>;
}

/** An inbox id as the bytes that it spells. */
function inboxBytes(inboxId: string): Uint8Array {
  if (!/^([0-9a-f]{2})*$/i.test(inboxId)) throw unknownError(`inbox id ${JSON.stringify(inboxId)} is not hexadecimal`);
  return Buffer.from(inboxId, "hex");
}
