import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { ArchiveDetails } from "./archiveEntry.ts";
import { maxManifestBytes } from "../ports/storeLimits.ts";
import { openManifest, sealManifest } from "./sealManifest.ts";
import { toManifestKey } from "./manifestKey.ts";
import { parseManifest } from "./parseManifest.ts";

const key = await toManifestKey(new Uint8Array(32).fill(1));
const id = "0b7e6d7e-3d7c-4f5e-9a53-0d6c1a5b2f10";
const outline = { id, createdAtMs: 1_700_000_000_000, sizeBytes: 1_234 };
const details: ArchiveDetails = {
  name: "Before",
  inboxId: "a".repeat(64),
  installationId: "b".repeat(64),
  network: "dev",
  elements: ["consent", "messages"],
  startNs: 5n,
  counts: { conversations: 1, messages: 2, consentRecords: 3 },
  conversations: [{ id: "c", messages: 2, wasRemoved: true }],
  sha256: "0".repeat(64),
  records: 7,
  trigger: "manual",
};

const sealed = (changes: object = {}) => sealManifest(outline, { ...details, ...changes }, key);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytes = (manifest: string) => new TextEncoder().encode(manifest);

describe("openManifest", () => {
  it("default: gives back what was sealed", async () => {
    expect(await openManifest(id, await sealed(), [key])).toEqual({ ...outline, keyFingerprint: key.fingerprint, seal: "open", details });
    expect(await openManifest(id, await sealed(), [])).toEqual({ ...outline, keyFingerprint: key.fingerprint, seal: "otherKey" });
  });

  it("behavior: fields that a later version added are kept", async () => {
    const entry = await openManifest(id, await sealed({ later: { of: [1, "2"] } }), [key]);
    expect(entry.details).toEqual({ ...details, later: { of: [1, "2"] } });
  });

  it("behavior: the manifest of an increment has a version of its own, which earlier code does not read", async () => {
    const increment = { baseId: "base", baseSha256: "1".repeat(64), chainLength: 1, replaces: [{ startNs: 5n }, { endNs: 1n }] };
    const manifest = await sealed({ increment });
    expect(JSON.parse(text(manifest))).toMatchObject({ version: 1.1 });
    expect(JSON.parse(text(await sealed()))).toMatchObject({ version: 1 });
    expect(await openManifest(id, manifest, [key])).toMatchObject({ seal: "open", details: { ...details, increment } });
    const asWhole = bytes(text(manifest).replace('"version": 1.1', '"version": 1'));
    expect(await openManifest(id, asWhole, [key])).toMatchObject({ seal: "damaged" });
  });

  it.each([
    ["an increment without a base", { increment: { chainLength: 1, replaces: [] } }],
    ["no inbox", { inboxId: undefined }],
    ["a hash that is none", { sha256: "abc" }],
    ["a time that is none", { startNs: "9".repeat(30) }],
    ["counts below zero", { counts: { conversations: -1, messages: 0, consentRecords: 0 } }],
    ["no list of conversations", { conversations: { length: 1 } }],
    ["a conversation without an id", { conversations: [{ messages: 2 }] }],
    ["elements that are no names", { elements: [1] }],
    ["a name that is none", { name: { toString: 1 } }],
    ["a lack that is none", { lacks: { conversations: [], ranges: [{ messages: "many" }] } }],
    ["a pin that is none", { pinned: "yes" }],
  ])("behavior: an opened part with %s is damaged, whoever sealed it", async (_title, changes) => {
    expect(await openManifest(id, await sealed(changes), [key])).toEqual({ ...outline, keyFingerprint: key.fingerprint, seal: "damaged" });
  });

  it("behavior: the manifest of another archive is damaged in this one's place", async () => {
    const other = "11111111-1111-4111-8111-111111111111";
    expect(await openManifest(other, await sealed(), [key])).toMatchObject({ id: other, seal: "damaged" });
    expect(await openManifest(other, bytes(text(await sealed()).replaceAll(id, other)), [key])).toMatchObject({
      id: other,
      seal: "damaged",
    });
  });

  it("behavior: one of a newer version is unsupported, with what it still says", async () => {
    const newer = bytes(
      text(await sealed())
        .replace('"version": 1', '"version": 2')
        .replace(/"sealed": "[^"]+"/, '"parts": []'),
    );
    expect(await openManifest(id, newer, [key])).toEqual({ ...outline, keyFingerprint: key.fingerprint, seal: "unsupported" });
  });

  it("behavior: whatever the bytes are, an entry of this id comes of them that can be shown", async () => {
    const manifest = text(await sealed());
    const anyManifest = fc.oneof(
      fc.uint8Array(),
      fc.json().map(bytes),
      fc
        .tuple(fc.nat(manifest.length - 1), fc.string({ maxLength: 3 }))
        .map(([at, part]) => bytes(manifest.slice(0, at) + part + manifest.slice(at + 1))),
      fc.anything().map((value) => bytes(manifest.replace(/"createdAtMs": \d+/, `"createdAtMs": ${JSON.stringify(value) ?? "1e400"}`))),
    );
    await fc.assert(
      fc.asyncProperty(anyManifest, async (candidate) => {
        const entry = await openManifest(id, candidate, [key]);
        expect(entry.id).toBe(id);
        expect(new Date(entry.createdAtMs).toISOString()).toBeTypeOf("string");
        expect(Number.isSafeInteger(entry.sizeBytes)).toBe(true);
        if (entry.seal === "open") expect(entry.details).toEqual(details);
      }),
    );
  });
});

describe("parseManifest", () => {
  it("behavior: too many bytes are not read, and their manifest is damaged", async () => {
    const parse = vi.spyOn(JSON, "parse");
    const decode = vi.spyOn(TextDecoder.prototype, "decode");
    const outsized = new Uint8Array(maxManifestBytes + 1).fill(32);
    expect(await openManifest(id, outsized, [key])).toEqual({ id, createdAtMs: 0, sizeBytes: 0, keyFingerprint: "", seal: "damaged" });
    expect([parse.mock.calls, decode.mock.calls]).toEqual([[], []]);
    vi.restoreAllMocks();
  });

  it("behavior: the manifest of 25,000 conversations is read, byte for byte in one go", async () => {
    const conversations = Array.from({ length: 25_000 }, (_, at) => ({
      id: at.toString(16).padStart(32, "0"),
      messages: 1_000_000 + at,
      wasRemoved: true,
    }));
    const manifest = await sealed({ conversations });
    // Six times as many fit.
    expect(6 * manifest.length).toBeLessThan(maxManifestBytes);
    const from = vi.spyOn(Uint8Array, "from");
    const fromCharCode = vi.spyOn(String, "fromCharCode");
    expect((await openManifest(id, manifest, [key])).details?.conversations).toHaveLength(25_000);
    expect(from).not.toHaveBeenCalled();
    await sealed({ conversations });
    expect(fromCharCode.mock.calls.length).toBeLessThan(500);
    vi.restoreAllMocks();
  });

  it("behavior: times and sizes that no archive has are none", () => {
    const file = { format: "xmtp-backup/manifest", version: 1, id, createdAtMs: 1e300, sizeBytes: 1.5, keyFingerprint: "x", sealed: "" };
    expect(parseManifest(bytes(JSON.stringify(file)))).toMatchObject({
      kind: "broken",
      outline: { createdAtMs: 0, sizeBytes: 0, keyFingerprint: "" },
    });
  });
});
