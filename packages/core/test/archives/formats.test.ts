import { readFile } from "node:fs/promises";
import { type ArchiveEntry, recommendRestore } from "@xmtp-backup/core";
import { describe, expect, it } from "vitest";
import { backUp, contentsOf, newInstallation, world } from "../support/world.ts";

/** What `docs/formats.md` says of a manifest, and nothing of the project's own code. */
type ManifestFile = {
  format: string;
  version: number;
  id: string;
  createdAtMs: number;
  sizeBytes: number;
  keyFingerprint: string;
  sealed: string;
};

type SealingKey = Awaited<ReturnType<typeof crypto.subtle.deriveKey>>;

const utf8 = (text: string) => new TextEncoder().encode(text);

async function sealingKey(archiveKey: Uint8Array, info: string): Promise<SealingKey> {
  const base = await crypto.subtle.importKey("raw", new Uint8Array(archiveKey), "HKDF", false, ["deriveKey"]);
  const hkdf = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: utf8(info) };
  return crypto.subtle.deriveKey(hkdf, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

const boundTo = ({ format, version, id, createdAtMs, sizeBytes, keyFingerprint }: ManifestFile) =>
  utf8([format, version, id, createdAtMs, sizeBytes, keyFingerprint].join("\n"));

async function openSealed(file: ManifestFile, key: SealingKey): Promise<Record<string, unknown>> {
  const sealed = Buffer.from(file.sealed, "base64");
  const algorithm = { name: "AES-GCM", iv: sealed.subarray(0, 12), additionalData: boundTo(file) };
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(algorithm, key, sealed.subarray(12)))) as Record<string, unknown>;
}

async function seal(file: ManifestFile, details: object, key: SealingKey): Promise<Uint8Array> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: boundTo(file) }, key, utf8(JSON.stringify(details)));
  return utf8(JSON.stringify({ ...file, sealed: Buffer.concat([iv, new Uint8Array(sealed)]).toString("base64") }));
}

async function stored() {
  const one = world();
  const entry = await backUp(one.backups, "Before iOS update");
  const fileOf = ({ id }: ArchiveEntry) => JSON.parse(new TextDecoder().decode(one.store.manifests.get(id))) as ManifestFile;
  return { ...one, entry, fileOf, sealing: await sealingKey(one.key, "xmtp-backup/manifest/v1") };
}

describe("the manifest as docs/formats.md has it", () => {
  it("default: another program reads and writes it by that page alone", async () => {
    const { entry, fileOf, sealing, store, backups } = await stored();
    const file = fileOf(entry);
    expect(file).toMatchObject({
      format: "xmtp-backup/manifest",
      version: 1,
      id: entry.id,
      createdAtMs: entry.createdAtMs,
      sizeBytes: entry.sizeBytes,
    });
    const details = await openSealed(file, sealing);
    expect(details).toMatchObject({ name: "Before iOS update", network: "local", sha256: entry.details?.sha256 });
    store.manifests.set(entry.id, await seal(file, { ...details, name: "By hand" }, sealing));
    expect((await backups.list()).map((each) => each.details?.name)).toEqual(["By hand"]);
  });

  it("behavior: sealed fields of a later version survive a change by this one", async () => {
    const { entry, fileOf, sealing, store, backups } = await stored();
    const later = { labels: ["family"], parts: { media: { bytes: "12345678901234567890" } } };
    store.manifests.set(entry.id, await seal(fileOf(entry), { ...(await openSealed(fileOf(entry), sealing)), later }, sealing));
    await backups.rename(entry.id, "Renamed");
    await backups.pin(entry.id);
    await backups.unpin(entry.id);
    await backups.verify(entry.id);
    expect(await openSealed(fileOf(entry), sealing)).toMatchObject({ name: "Renamed", later });
  });

  it("behavior: an archive from before networks were noted stays usable", async () => {
    const { entry, fileOf, sealing, ...one } = await stored();
    const { network: _network, ...before } = await openSealed(fileOf(entry), sealing);
    one.store.manifests.set(entry.id, await seal(fileOf(entry), before, sealing));
    const { backups } = newInstallation(one);
    const [listed] = await backups.list();
    expect(listed).not.toHaveProperty("isOtherNetwork");
    expect(await backups.restore(listed!).result).toMatchObject({ messages: { restored: 6, expected: 6 }, unchecked: ["network"] });
  });

  it("behavior: one of a newer version is listed, and refused by all that reads or changes it", async () => {
    const { entry, fileOf, ...one } = await stored();
    one.store.manifests.set(entry.id, utf8(JSON.stringify({ ...fileOf(entry), version: 2, sealed: undefined, parts: [] })));
    const before = contentsOf(one.store);
    const { backups } = newInstallation(one, {});
    const archives = await backups.list();
    expect(archives).toEqual([
      {
        id: entry.id,
        createdAtMs: entry.createdAtMs,
        sizeBytes: entry.sizeBytes,
        keyFingerprint: entry.keyFingerprint,
        seal: "unsupported",
      },
    ]);
    const { reasons, then, route } = recommendRestore({
      archives,
      inboxId: "a".repeat(64),
      nowMs: Date.now(),
      otherInstallationOnline: false,
    });
    expect([route, reasons.includes("archiveUnsupported"), then.includes("updateApp")]).toEqual(["none", true, true]);
    const refused = [
      () => backups.restore(entry).result,
      () => backups.inspect(entry),
      () => backups.rename(entry.id, "Mine"),
      () => backups.pin(entry.id),
      () => backups.unpin(entry.id),
      () => backups.verify(entry.id),
      () => backups.rekey(entry.id),
    ];
    for (const run of refused)
      await expect(run()).rejects.toMatchObject({
        code: "ARCHIVE_VERSION_UNSUPPORTED",
        message: expect.stringContaining("Update the app") as string,
      });
    expect(await backups.planRetention({ last: 1 })).toMatchObject([{ id: entry.id, action: "keep" }]);
    expect(contentsOf(one.store)).toEqual(before);
  });

  it("behavior: nothing prunes what is newer or damaged", async () => {
    const { entry, fileOf, store, backups } = await stored();
    const broken = await backUp(backups);
    store.manifests.set(entry.id, utf8(JSON.stringify({ ...fileOf(entry), version: 2 })));
    store.manifests.set(broken.id, utf8("{}"));
    const others = [entry.id, broken.id].map((id) => store.archives.get(id));
    for (let count = 0; count < 8; count += 1) await backUp(backups);
    expect([entry.id, broken.id].map((id) => store.archives.get(id))).toEqual(others);
  });

  it("behavior: archives of another network are marked in the list", async () => {
    const one = world({ network: "dev" });
    await backUp(one.backups);
    const { backups } = newInstallation(one, { network: "production" });
    expect(await backups.list()).toMatchObject([{ seal: "open", isOtherNetwork: true }]);
    expect((await one.backups.list())[0]).not.toHaveProperty("isOtherNetwork");
  });
});

describe("docs/formats.md", () => {
  it("default: names every format of the project", async () => {
    const page = await readFile(new URL("../../../../docs/formats.md", import.meta.url), "utf8");
    for (const heading of ["The promise", "How a format changes", "Manifest", "Notes in the journal", "Key ring", "Notes of a mirror"])
      expect(page).toContain(`\n## ${heading}\n`);
  });
});
