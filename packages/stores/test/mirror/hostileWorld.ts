import type { ArchiveId, ArchiveStore } from "@xmtp-backup/core";
import { memoryStore } from "@xmtp-backup/testing";
import { mirror, type MirrorOptions } from "../../src/mirror/index.ts";
import { sealing } from "./sealing.ts";
import { switchable } from "./switchable.ts";

export const device = sealing();

export const { keys, keep, change, nameOf, seal } = device;

export const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

export const ringOf = (...bytes: number[]) => new Uint8Array(bytes);

/** Two places in memory, each of which can be taken away, and a mirror of them. The second one is hostile. */
export function world(options: MirrorOptions = {}) {
  const kept = [memoryStore(), memoryStore()] as const;
  const [good, hostile] = kept;
  const places = [switchable(good), switchable(hostile)] as const;
  const open = (more: MirrorOptions = {}) => mirror(places, { keys, restMs: 0, repairs: false, ...options, ...more });
  const write = (place: typeof hostile, name: string, bytes: Uint8Array) =>
    place.documents.set(name, { bytes, revision: crypto.randomUUID() });
  return { good, hostile, places, open, write };
}

export async function listOf(store: ArchiveStore): Promise<Map<ArchiveId, Uint8Array>> {
  const listed = new Map<ArchiveId, Uint8Array>();
  for await (const { id, manifest } of store.list()) listed.set(id, manifest);
  return listed;
}

export async function putRing(store: ArchiveStore, bytes: Uint8Array): Promise<void> {
  await store.putDocument?.("key-ring", bytes, { replaces: (await store.getDocument?.("key-ring"))?.revision });
}
