import fc from "fast-check";
import type { ArchiveRecord } from "../src/index.ts";
import { encodeMessage } from "../src/protobuf/messageCodec.ts";
import { eventSpec } from "../src/protobuf/specs.ts";
import { WireWriter } from "../src/protobuf/wireWriter.ts";

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const text = fc.string({ unit: "binary", maxLength: 20 });
const bytes = fc.uint8Array({ maxLength: 60 });
const hex = (byteLength: number) =>
  fc.uint8Array({ minLength: byteLength, maxLength: byteLength }).map((id) => Buffer.from(id).toString("hex"));

/** An enum's names, and now and then a number that nobody knows. */
const named = <T extends string>(...names: T[]) =>
  fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, { weight: 1, arbitrary: fc.integer({ min: 100, max: 2 ** 31 - 1 }) });

const unknownFields = fc.array(fc.tuple(fc.integer({ min: 100, max: 5000 }), bytes), { minLength: 1, maxLength: 3 }).map((fields) => {
  const writer = new WireWriter();
  for (const [field, value] of fields) writer.bytes(field, value);
  return writer.finish();
});

/** A record of fields, of which those in `optional` may be absent. */
const object = <T extends Record<string, unknown>, O extends Record<string, unknown>>(
  required: { [K in keyof T]: fc.Arbitrary<T[K]> },
  optional: { [K in keyof O]: fc.Arbitrary<O[K]> },
): fc.Arbitrary<T & Partial<O> & { unknownFields?: Uint8Array }> =>
  fc
    .tuple(fc.record(required), fc.record(optional, { requiredKeys: [] }), fc.option(unknownFields, { freq: 5, nil: undefined }))
    .map(([always, sometimes, unknown]) => ({
      ...always,
      ...sometimes,
      ...(unknown === undefined ? {} : { unknownFields: unknown }),
    })) as never;

export const metadataArbitrary: fc.Arbitrary<ArchiveRecord> = object(
  { elements: fc.array(named("unspecified", "messages", "consent", "event"), { maxLength: 4 }), exportedAtNs: int64 },
  { startNs: int64, endNs: int64 },
).map((metadata) => ({ kind: "metadata", metadata }) as const);

const attributes = fc.dictionary(fc.oneof(text, fc.constantFrom("group_name", "description", "__proto__", "1")), text, { maxKeys: 4 });

const group = object(
  {
    id: hex(16),
    createdAtNs: int64,
    membershipState: named("unspecified", "allowed", "rejected", "pending", "restored", "pendingRemove"),
    installationsLastCheckedNs: int64,
    addedByInboxId: text,
    rotatedAtNs: int64,
    conversationType: named("unspecified", "group", "dm", "sync"),
  },
  {
    welcomeId: int64,
    dmId: text,
    lastMessageNs: int64,
    messageDisappearFromNs: int64,
    messageDisappearInNs: int64,
    metadata: object({ creatorInboxId: text }, {}),
    mutableMetadata: object({ attributes, adminList: fc.array(text), superAdminList: fc.array(text) }, {}),
    pausedForVersion: text,
  },
).map((value) => ({ kind: "group", group: value }) as unknown as ArchiveRecord);

const message = object(
  {
    id: hex(32),
    groupId: hex(16),
    content: fc.uint8Array({ maxLength: 3000 }),
    sentAtNs: int64,
    kind: named("unspecified", "application", "membershipChange"),
    senderInstallationId: hex(32),
    senderInboxId: text,
    deliveryStatus: named("unspecified", "unpublished", "published", "failed"),
    contentTypeNumber: int32,
    versionMajor: int32,
    versionMinor: int32,
    authorityId: text,
    contentType: text,
  },
  { referenceId: hex(5), sequenceId: int64, originatorId: int64 },
).map((value) => ({ kind: "message", message: value }) as unknown as ArchiveRecord);

const consent = object(
  {
    entityType: named("unspecified", "conversationId", "inboxId", "address"),
    state: named("unspecified", "unknown", "allowed", "denied"),
    entity: text,
    consentedAtNs: int64,
  },
  {},
).map((value) => ({ kind: "consent", consent: value }) as unknown as ArchiveRecord);

/** Any record but metadata. */
export const recordArbitrary: fc.Arbitrary<ArchiveRecord> = fc.oneof(
  group,
  message,
  consent,
  bytes.map((event) => ({ kind: "event", event: encodeMessage(eventSpec, { details: event }) }) as const),
  unknownFields.map((unknown) => ({ kind: "none", unknownFields: unknown }) as const),
);
