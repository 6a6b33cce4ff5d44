import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { openAsBlob, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { zstdDecompressSync } from "node:zlib";
import { type LocalNetwork, startLocalNetwork } from "@xmtp-backup/local-network";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testedSdk } from "../../../scripts/sdks/sdkVariables.ts";
import { encodeRecord } from "../src/protobuf/recordCodec.ts";
import { type ArchiveRecord, type ArchiveReport, mergeArchives, previewArchive, splitArchive, validateArchive } from "../src/index.ts";
import { collect, testKey, toBlob, write } from "../test-support/archives.ts";
import { frameLayout } from "../test-support/frameLayout.ts";
import { runImporter } from "../test-support/importerModel.ts";
import { consentRecord, groupRecord, messageRecord, metadataRecord } from "../test-support/records.ts";
import { SdkClient } from "../test-support/sdkClient.ts";
import { writeSdkLike } from "../test-support/sdkLikeArchive.ts";
import type { VectorIndex } from "../test-support/vectors.ts";

/** Long enough for what is done; only an import that hangs takes it all. */
const TIMEOUT_MS = 120_000;
/** An import that hangs spins a core for as long as it is waited for. */
const HANG_MS = 2_000;

const keyHex = Buffer.from(testKey).toString("hex");
const texts = (sizes: readonly number[]) => sizes.map((size) => new Uint8Array(size).fill(0x61));
const conversation = (contents: readonly Uint8Array[]): ArchiveRecord[] => [
  metadataRecord(),
  groupRecord(1),
  ...contents.map((content, number) => messageRecord(number, 1, content)),
];

/** The shapes that hang an SDK's own import, and some that do not. */
const shapes = {
  "one message of 10 kB": conversation(texts([10_000])),
  "200 messages of 1.5 kB": conversation(texts(Array.from({ length: 200 }, () => 1500))),
  "5 percent of 20 kB among 250 B": conversation(texts(Array.from({ length: 400 }, (_, at) => (at % 20 === 10 ? 20_000 : 250)))),
  "a message of 900 kB": conversation(texts([900_000])),
  "500 groups without messages": [metadataRecord(), ...Array.from({ length: 500 }, (_, at) => groupRecord(at))],
  "an empty archive": [metadataRecord()],
  "consent only": [metadataRecord(), ...Array.from({ length: 300 }, (_, at) => consentRecord(at))],
  "short messages": conversation(texts(Array.from({ length: 500 }, () => 100))),
} satisfies Record<string, ArchiveRecord[]>;

let network: LocalNetwork;
let directory: string;
let files = 0;
const clients: SdkClient[] = [];

const save = async (bytes: Uint8Array): Promise<string> => {
  const path = join(directory, `${files++}.xmtp`);
  await writeFile(path, bytes);
  return path;
};
const startClient = async (): Promise<SdkClient> => {
  const client = await SdkClient.start(network.url, directory);
  clients.push(client);
  return client;
};
const importInto = async (client: SdkClient, ...archives: Uint8Array[]) =>
  client.ask({ type: "import", paths: await Promise.all(archives.map(save)), keyHex }, TIMEOUT_MS);
const chunksOf = async (archive: Blob): Promise<Uint8Array[]> => {
  const { chunks } = await splitArchive(archive, testKey, { chunkKey: testKey });
  const list: Uint8Array[] = [];
  for await (const { bytes } of chunks) list.push(bytes);
  return list;
};

/** Version 6.0.0 takes some of what later versions stop at, and leaves out the rest without a word. The chunks hold nothing of the kind. */
const saysNothing =
  (JSON.parse(readFileSync(new URL("package.json", testedSdk("@xmtp/node-sdk")), "utf8")) as { version: string }).version === "6.0.0";

beforeAll(async () => {
  network = await startLocalNetwork();
  directory = await mkdtemp(join(tmpdir(), "xmtp-archive-"));
});
afterAll(async () => {
  for (const client of clients) client.stop();
  SdkClient.end();
  await network.close();
  await rm(directory, { recursive: true, force: true });
});

describe("the real SDK imports what is written", () => {
  test.each(Object.entries(shapes))("behavior: %s", { timeout: 4 * TIMEOUT_MS }, async (_, records) => {
    const archive = await write(records);
    const { importable } = await validateArchive(toBlob(archive), testKey);
    const whole = await startClient();
    expect(await importInto(whole, archive)).toMatchObject(importable);
    whole.stop();
    const inChunks = await startClient();
    expect(await importInto(inChunks, ...(await chunksOf(toBlob(archive))))).toMatchObject(importable);
    inChunks.stop();
  });
});

describe("the real SDK reads the test vectors as this package does", () => {
  const directoryOfVectors = new URL("../vectors/", import.meta.url);
  // An SDK's own import stops at these two.
  const others = ["orphans", "unimportable"];
  const { keyHex: vectorKeyHex, valid } = JSON.parse(readFileSync(new URL("vectors.json", directoryOfVectors), "utf8")) as VectorIndex;

  test.each(valid.map((vector) => [vector.name, vector] as const))(
    "behavior: %s",
    { timeout: 4 * TIMEOUT_MS },
    async (name, { report, keyHex = vectorKeyHex }) => {
      const client = await startClient();
      const path = fileURLToPath(new URL(`archives/${name}.xmtp`, directoryOfVectors));
      const answer = await client.ask({ type: "import", paths: [path], keyHex }, TIMEOUT_MS);
      client.stop();
      if (!others.includes(name)) expect(answer).toMatchObject((report as ArchiveReport).importable);
      else if (!saysNothing) expect(answer).toHaveProperty("error");
    },
  );
});

describe("what stops an import of the real SDK is what this package leaves out", () => {
  const none = new Uint8Array();
  const dmId = (first: string, second: string) => `dm:${first.repeat(64)}:${second.repeat(64)}`;
  const cases: Record<string, ArchiveRecord[]> = {
    "consent of an address": [consentRecord(1, { entityType: "address" })],
    "consent of an unspecified kind": [consentRecord(1, { entityType: "unspecified" })],
    "consent in an unspecified state": [consentRecord(1, { state: "unspecified" })],
    "consent in an unknown state": [consentRecord(1, { state: 9 })],
    "consent of nothing": [consentRecord(1, { entity: "" })],
    "a conversation of an unspecified type": [groupRecord(2, { conversationType: "unspecified" })],
    "a conversation of an unknown type": [groupRecord(2, { conversationType: 4 })],
    "a sync group": [groupRecord(2, { conversationType: "sync" })],
    "a conversation with a short id": [groupRecord(2, { id: "00" })],
    "a conversation with a long id": [groupRecord(2, { id: "00".repeat(17) })],
    "a conversation without metadata": [groupRecord(2, { metadata: undefined as never, mutableMetadata: undefined as never })],
    "a conversation in no state": [groupRecord(2, { membershipState: "unspecified" })],
    "a direct message conversation": [groupRecord(2, { conversationType: "dm", dmId: dmId("a", "b") })],
    "a direct message conversation without its id": [groupRecord(2, { conversationType: "dm" })],
    "a direct message conversation with an empty id": [groupRecord(2, { conversationType: "dm", dmId: "" })],
    "a direct message conversation with a short id": [groupRecord(2, { conversationType: "dm", dmId: "dm:a:b" })],
    "a message of an unspecified kind": [messageRecord(1, 1, none, { kind: "unspecified" })],
    "a message of an unknown kind": [messageRecord(1, 1, none, { kind: 9 })],
    "a membership change": [messageRecord(1, 1, none, { kind: "membershipChange" })],
    "a message of an unspecified delivery": [messageRecord(1, 1, none, { deliveryStatus: "unspecified" })],
    "a message of an unknown delivery": [messageRecord(1, 1, none, { deliveryStatus: 9 })],
    "a message with a short conversation id": [messageRecord(1, 1, none, { groupId: "00" })],
    "a message without an id": [messageRecord(1, 1, none, { id: "" })],
    "a message with a long id": [messageRecord(1, 1, none, { id: "00".repeat(99) })],
    "a message without sender": [messageRecord(1, 1, none, { senderInboxId: "", senderInstallationId: "" })],
    "a message before 1970": [messageRecord(1, 1, none, { sentAtNs: -5n })],
    "a message that stands twice": [messageRecord(1, 1), messageRecord(1, 1, none)],
    "an orphan": [messageRecord(1, 9)],
    "a second metadata record": [metadataRecord()],
    "an event": [{ kind: "event", event: Uint8Array.of(8, 1) }],
    "a broken event": [{ kind: "event", event: Uint8Array.of(8) }],
    "a broken message": [{ kind: "unreadable", bytes: Uint8Array.of(0x1a, 0x7f) }],
    "a kind that nobody knows": [{ kind: "none", unknownFields: Uint8Array.of(0xc2, 0x3e, 0) }],
  };

  test.each(Object.entries(cases))("behavior: %s", { timeout: 4 * TIMEOUT_MS }, async (_, records) => {
    const archive = await write([metadataRecord(), groupRecord(1), ...records, messageRecord(77, 1)]);
    const { importable, unimportableRecords, orphanMessages } = await validateArchive(toBlob(archive), testKey);
    const client = await startClient();
    const answer = await importInto(client, archive);
    client.stop();
    if (unimportableRecords + orphanMessages === 0) expect(answer).toMatchObject(importable);
    else if (!saysNothing) expect(answer === "crashed" || (typeof answer === "object" && "error" in answer)).toBe(true);
    const second = await startClient();
    expect(await importInto(second, ...(await chunksOf(toBlob(archive))))).toMatchObject(importable);
    second.stop();
  });
});

describe("the model of the importer agrees with the real one", () => {
  test.each(Object.entries(shapes))("behavior: %s, as an SDK writes it", { timeout: 4 * TIMEOUT_MS }, async (name, records) => {
    const archive = await writeSdkLike(records.map(encodeRecord), testKey);
    const layout = frameLayout(archive, (frame) => zstdDecompressSync(frame));
    const { outcome } = runImporter(archive, layout, { waits: () => Infinity });
    const client = await startClient();
    const answer = await client.ask(
      { type: "import", paths: [await save(archive)], keyHex },
      outcome === "imported" ? TIMEOUT_MS : HANG_MS,
    );
    client.stop();
    // In the worst case the model loses its place; a refill that is ready in time can only do better.
    if (outcome === "imported") expect(answer).toMatchObject((await validateArchive(toBlob(archive), testKey)).importable);
    else expect(answer).not.toBe("crashed");
    const hangs = ["one message of 10 kB", "200 messages of 1.5 kB", "5 percent of 20 kB among 250 B", "a message of 900 kB"];
    expect(outcome).toBe(hangs.includes(name) ? "lost" : "imported");
  });
});

describe("archives that the real SDK makes", () => {
  test("behavior: are read, previewed, merged, split and imported elsewhere", { timeout: 4 * TIMEOUT_MS }, async () => {
    const author = await startClient();
    const long = "long ".repeat(2000);
    const filled = await author.ask({ type: "fill", groups: 3, texts: ["one", "two", long, "three"] }, TIMEOUT_MS);
    const path = join(directory, "made-by-the-sdk.xmtp");
    await author.ask({ type: "create", path, keyHex }, TIMEOUT_MS);
    author.stop();

    const archive = await openAsBlob(path);
    const report = await validateArchive(archive, testKey);
    expect(report).toMatchObject({
      importable: { conversations: 3, messages: 12 },
      counts: { groups: 3, messages: 12, empty: 0, unknown: 0, unreadable: 0 },
      orphanMessages: 0,
      unimportableRecords: 0,
      recordsWithUnknownFields: 0,
      isLegacy: false,
      metadata: { elements: ["messages", "consent"] },
    });
    expect(report.counts.consent).toBeGreaterThan(0);
    expect(filled).toMatchObject({ conversations: 3 });
    const { conversations } = await previewArchive(archive, testKey);
    expect(conversations.map(({ name, messageCount }) => [name, messageCount]).sort()).toEqual([
      ["Group 0", 4],
      ["Group 1", 4],
      ["Group 2", 4],
    ]);

    const other = await write([metadataRecord(), groupRecord(1), messageRecord(1, 1)]);
    const merged = await mergeArchives(
      [
        { blob: toBlob(other), key: testKey },
        { blob: archive, key: testKey },
      ],
      testKey,
    );
    const bytes = await collect(merged.stream);
    const whole = await startClient();
    expect(await importInto(whole, bytes)).toMatchObject({ conversations: 4, messages: 13 });
    whole.stop();
    const inChunks = await startClient();
    expect(await importInto(inChunks, ...(await chunksOf(toBlob(bytes))))).toMatchObject({ conversations: 4, messages: 13 });
    // A second import changes nothing.
    expect(await importInto(inChunks, bytes)).toMatchObject({ conversations: 4, messages: 13 });
    inChunks.stop();
  });
});
