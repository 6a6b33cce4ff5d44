import { readArchive, writeArchive } from "@xmtp-backup/archive";
import { generateArchiveKey, type Host, type TemporaryArchive } from "@xmtp-backup/core";
import { brokenCases } from "./brokenCases.ts";
import { changeCases } from "./changeCases.ts";
import type { ContractCase } from "./contractCase.ts";
import { arrival, conversationCases } from "./conversationCases.ts";
import { expectAbort, expectEqual, expectRefusal, expectThat } from "./expectations.ts";
import { historySyncCases } from "./historySyncCases.ts";
import type { HostSetUp, WithHost } from "./hostSetUp.ts";
import { ownCase } from "./ownCase.ts";

/** What a host says that it can do, for the cases that depend on it. */
export type HostContractOptions = {
  /** The host declares `historySync`. @default true */
  historySync?: boolean;
  /** Each stitched DM answers by its own id, unlike docs/sdk-facts.md#browser-answers-for-the-latest-dm. @default true */
  stitchedDmsApart?: boolean;
};

const everything = { elements: ["consent", "messages"] } as const;

/** What every `Host` must do. */
export function hostContract(
  setUp: HostSetUp,
  { historySync: hasHistorySync = true, stitchedDmsApart }: HostContractOptions = {},
): ContractCase[] {
  const withHost: WithHost = (name, run) => ownCase(setUp, name, run);

  return [
    withHost("default: says who it is and what it can do", async ({ host, fresh }) => {
      const [one, two] = [await host.identity(), await (await fresh()).identity()];
      expectEqual(one.inboxId, two.inboxId, "the inbox of both installations");
      expectEqual(one.network, two.network, "the network of both installations");
      expectThat(one.installationId !== two.installationId, "the installations differ");
      const { parallelExports, timeSlices, isolatedImport, archivesInMemory } = host.features;
      expectThat(Number.isInteger(parallelExports) && parallelExports >= 1, `at least one export runs, got ${parallelExports}`);
      expectEqual(
        [timeSlices, isolatedImport, archivesInMemory].map((each) => typeof each),
        Array.from({ length: 3 }, () => "boolean"),
        "the kinds of its features",
      );
    }),
    withHost("default: tells how many bytes are free, or nothing", async ({ host }) => {
      for (const kind of ["files", "database"] as const) {
        const freeBytes = await host.freeBytes?.({ of: kind });
        expectThat(freeBytes === undefined || freeBytes > 0, `free bytes for ${kind} are a positive number, got ${freeBytes}`);
      }
    }),
    withHost("default: exports and imports everything", async ({ host, fresh }) => {
      const key = generateArchiveKey();
      const archive = await host.exportArchive(everything, key);
      const target = await fresh();
      await target.importArchive(archive.blob, key);
      await archive.release();
      const [before, after] = [await host.listConversations(), await target.listConversations()];
      expectEqual(after.map(({ id }) => id).sort(), before.map(({ id }) => id).sort(), "the conversations");
      expectEqual(
        after.map(({ isActive }) => isActive),
        [false, false],
        "whether they are active",
      );
      expectEqual(
        after.find(({ kind }) => kind === "dm")?.peerInboxId,
        before.find(({ kind }) => kind === "dm")?.peerInboxId,
        "the peer of the DM",
      );
      for (const { id } of before)
        expectEqual(await target.countMessages(id), await host.countMessages(id), "the messages of a conversation");
    }),
    withHost("parameters: ids: lists those alone, and leaves out what is not there", async ({ host }) => {
      const all = await host.listConversations();
      for (const conversation of all) {
        expectEqual(
          await host.listConversations({ ids: [conversation.id, "ff".repeat(16)] }),
          [conversation],
          "the conversation that was asked for",
        );
      }
      expectEqual(await host.listConversations({ ids: [] }), [], "none");
    }),
    ...conversationCases(withHost, { stitchedDmsApart }),
    ...brokenCases(withHost),
    ...changeCases(withHost),
    withHost("behavior: importing twice changes nothing", async ({ host, fresh }) => {
      const key = generateArchiveKey();
      const { blob, release } = await host.exportArchive(everything, key);
      const target = await fresh();
      await target.importArchive(blob, key);
      const once = await describeHost(target);
      await target.importArchive(blob, key);
      await release();
      expectEqual(await describeHost(target), once, "what it holds");
    }),
    withHost("behavior: importing over what is there adds nothing and deactivates nothing", async ({ host }) => {
      const key = generateArchiveKey();
      const before = await describeHost(host);
      const { blob, release } = await host.exportArchive(everything, key);
      await host.importArchive(blob, key);
      await release();
      expectEqual(await describeHost(host), before, "what it holds");
    }),
    withHost("parameters: elements: exports what is asked for only", async ({ host }) => {
      const kinds = async (elements: readonly ("messages" | "consent")[]) => {
        const key = generateArchiveKey();
        return kindsOf(await host.exportArchive({ elements }, key), key);
      };
      expectEqual(await kinds(["consent"]), ["consent", "metadata"], "consent only");
      expectEqual(await kinds(["messages"]), ["group", "message", "metadata"], "messages only");
    }),
    withHost("parameters: startNs, endNs: after the start, up to the end", async ({ host }) => {
      const key = generateArchiveKey();
      const whole = await timesOf(await host.exportArchive(everything, key), key);
      const [first, last] = [whole[0], whole.at(-1)];
      expectThat(first !== undefined && last !== undefined && whole.length === 4, "four messages are there");
      const inner = await host.exportArchive({ elements: ["messages"], startNs: first, endNs: last }, key);
      expectEqual(await timesOf(inner, key), whole.slice(1), "after the first, up to the last");
      const early = await host.exportArchive({ elements: ["messages"], endNs: first }, key);
      expectEqual(await timesOf(early, key), [first], "up to the first");
    }),
    withHost("default: counts messages with the bounds of an export", async ({ host }) => {
      const key = generateArchiveKey();
      const whole = await timesOf(await host.exportArchive(everything, key), key);
      const counts = async (range: { startNs?: bigint; endNs?: bigint }) => {
        let total = 0;
        for (const { id } of await host.listConversations()) total += await host.countMessages(id, range);
        return total;
      };
      const [first, last] = [whole[0] ?? 0n, whole.at(-1) ?? 0n];
      expectEqual(
        [await counts({}), await counts({ startNs: first }), await counts({ endNs: first }), await counts({ startNs: last })],
        [4, 3, 1, 0],
        "the counts",
      );
      expectEqual(await host.countMessages("00".repeat(16)), 0, "the messages of an unknown conversation");
    }),
    withHost("default: spools a stream and forgets it", async ({ host }) => {
      const { blob, release } = await host.spool(streamOf(new Uint8Array([1, 2]), new Uint8Array([3])));
      expectEqual([...new Uint8Array(await blob.arrayBuffer())], [1, 2, 3], "the bytes");
      await release();
      await release();
    }),
    withHost("behavior: a spooled stream that breaks is an error", async ({ host }) => {
      const broken = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error("cut")) });
      const outcome = await host.spool(broken).then(
        () => "kept",
        () => "refused",
      );
      expectEqual(outcome, "refused", "the stream");
    }),
    withHost("behavior: what is not an archive is refused", async ({ fresh }) => {
      const target = await fresh();
      await expectRefusal(
        () => target.importArchive(new Blob(["not an archive at all, sorry"]), generateArchiveKey()),
        ["IMPORT_FAILED"],
        "importing it",
      );
      expectEqual(await target.listConversations(), [], "the conversations");
    }),
    withHost("behavior: an empty archive imports nothing", async ({ fresh }) => {
      const key = generateArchiveKey();
      const target = await fresh();
      const { blob } = await target.spool(
        writeArchive([{ kind: "metadata", metadata: { elements: ["messages"], exportedAtNs: 1n } }], key),
      );
      await target.importArchive(blob, key);
      expectEqual(await target.listConversations(), [], "the conversations");
    }),
    withHost("behavior: watchers hear when a conversation arrives, until they stop", async ({ host, invite }) => {
      expectEqual(await arrival(host, invite), 1, "the calls");
    }),
    withHost("default: syncs", async ({ host }) => {
      await host.syncConversations();
      await host.syncAll();
      await host.sweep();
    }),
    withHost("parameters: signal: an aborted call rejects with its reason", async ({ host }) => {
      const key = generateArchiveKey();
      await expectAbort((signal) => host.identity({ signal }), "identity");
      await expectAbort((signal) => host.exportArchive(everything, key, { signal }), "exportArchive");
      await expectAbort((signal) => host.importArchive(new Blob([]), key, { signal }), "importArchive");
      await expectAbort((signal) => host.spool(streamOf(), { signal }), "spool");
      await expectAbort((signal) => host.listConversations({ signal }), "listConversations");
      await expectAbort((signal) => host.countMessages("00", {}, { signal }), "countMessages");
      if (host.revisionOf) await expectAbort(async (signal) => host.revisionOf?.("00", { signal }), "revisionOf");
      await expectAbort((signal) => host.consentOf("00", { signal }), "consentOf");
      await expectAbort((signal) => host.setConsent("00", "denied", { signal }), "setConsent");
      await expectAbort((signal) => host.setConsentOf("00", "denied", { signal }), "setConsentOf");
      await expectAbort((signal) => host.createDm("00", { signal }), "createDm");
      await expectAbort((signal) => host.listInstallations({ signal }), "listInstallations");
      await expectAbort((signal) => host.syncConversations({ signal }), "syncConversations");
      await expectAbort((signal) => host.syncAll({ signal }), "syncAll");
      await expectAbort((signal) => host.sweep({ signal }), "sweep");
    }),
    withHost("behavior: a closed client fails as closed", async ({ host, close }) => {
      await close();
      const key = generateArchiveKey();
      await expectRefusal(() => host.identity(), ["CLIENT_CLOSED"], "identity");
      await expectRefusal(() => host.exportArchive(everything, key), ["CLIENT_CLOSED"], "exportArchive");
      await expectRefusal(() => host.listConversations(), ["CLIENT_CLOSED"], "listConversations");
      await expectRefusal(() => host.listConversations({ ids: ["00"] }), ["CLIENT_CLOSED"], "listConversations of ids");
      await expectRefusal(() => host.listConversations({ peerInboxIds: ["00"] }), ["CLIENT_CLOSED"], "listConversations of peers");
      await expectRefusal(() => host.consentOf("00"), ["CLIENT_CLOSED"], "consentOf");
      await expectRefusal(() => host.setConsent("00", "denied"), ["CLIENT_CLOSED"], "setConsent");
      await expectRefusal(() => host.setConsentOf("00", "denied"), ["CLIENT_CLOSED"], "setConsentOf");
      await expectRefusal(() => host.createDm("00".repeat(32)), ["CLIENT_CLOSED"], "createDm");
      await expectRefusal(() => host.listInstallations(), ["CLIENT_CLOSED"], "listInstallations");
      await expectRefusal(() => host.syncConversations(), ["CLIENT_CLOSED"], "syncConversations");
      await expectRefusal(() => host.syncAll(), ["CLIENT_CLOSED"], "syncAll");
    }),
    withHost("default: declares history sync if it has any", async ({ host }) => {
      expectEqual(host.historySync !== undefined, hasHistorySync, "whether it is declared");
    }),
    ...(hasHistorySync ? historySyncCases(withHost) : []),
  ];
}

async function describeHost(host: Host): Promise<unknown> {
  const conversations = await host.listConversations();
  const described = [];
  for (const { id, isActive } of conversations) described.push({ id, isActive, messages: await host.countMessages(id) });
  return described.sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function kindsOf({ blob, release }: TemporaryArchive, key: Uint8Array): Promise<string[]> {
  const kinds = new Set<string>();
  for await (const { kind } of readArchive(blob, key)) kinds.add(kind);
  await release();
  return [...kinds].sort();
}

async function timesOf({ blob, release }: TemporaryArchive, key: Uint8Array): Promise<bigint[]> {
  const times: bigint[] = [];
  for await (const record of readArchive(blob, key)) if (record.kind === "message") times.push(record.message.sentAtNs);
  await release();
  return times.sort((a, b) => (a < b ? -1 : 1));
}

function streamOf(...chunks: Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}
