import { type ArchiveId, maxManifestBytes } from "@xmtp-backup/core";
import { isArchiveId } from "../layout.ts";

export { maxDocumentBytes, maxManifestBytes } from "@xmtp-backup/core";

/** What `httpStore` and `createArchiveServer` say to each other; paths are below the store's url. */
export const protocolName = "xmtp-backup/1";

/** How much of a list one answer may hold; a server that has more gives `next`, from where the following answer goes on. */
export const pageLimits = { entries: 1_000, bytes: 4 * 1024 * 1024 };
/** A page may go over its limit by its last manifest; Base64 makes four bytes of three, and ids take some. */
export const maxAnswerBytes = Math.ceil(((pageLimits.bytes + maxManifestBytes) * 4) / 3) + 1024 * 1024;

/** `GET .`: what answers, and how full it is for this user. */
export type ServerNote = { protocol: string; usedBytes?: number; totalBytes?: number };
/** `GET archives?after=`: the listed archives in the order of their ids, manifests in Base64. */
export type ListPage = { archives: { id: ArchiveId; manifest: string }[]; next?: string };
/** `GET unfinished?after=`: uploads without a manifest, and what time it is by the clock that their times are of. */
export type UnfinishedPage = { archives: { id: ArchiveId; modifiedAtMs: number }[]; next?: string; nowMs?: number };

/** What names a document, at `documents/<name>`. */
export function isDocumentName(name: unknown): name is string {
  return typeof name === "string" && /^[a-z0-9-]{1,128}$/.test(name);
}

/** What tells an upload at `uploads/<id>/<fingerprint>` from one of other bytes. */
export function isFingerprint(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

export function isServerNote(value: unknown): value is ServerNote {
  return isRecord(value) && value["protocol"] === protocolName && isSize(value["usedBytes"] ?? 0) && isSize(value["totalBytes"] ?? 0);
}

export function isListPage(value: unknown): value is ListPage {
  return isPageOf(value, (each) => typeof each["manifest"] === "string" && /^[A-Za-z0-9+/]*={0,2}$/.test(each["manifest"]));
}

export function isUnfinishedPage(value: unknown): value is UnfinishedPage {
  return isPageOf(value, (each) => isSize(each["modifiedAtMs"])) && isSize((value as { nowMs?: unknown }).nowMs ?? 0);
}

function isPageOf(value: unknown, isEntry: (entry: Record<string, unknown>) => boolean): boolean {
  if (!isRecord(value) || !Array.isArray(value["archives"])) return false;
  if (value["next"] !== undefined && typeof value["next"] !== "string") return false;
  return value["archives"].every((each: unknown) => isRecord(each) && isArchiveId(each["id"]) && isEntry(each));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isSize(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}
