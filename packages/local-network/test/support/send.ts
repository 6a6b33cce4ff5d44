import type { RpcClients } from "./rpcClients.ts";
import { privateMessage } from "./mlsBytes.ts";

/** Sends application messages to a group, one call for all. */
export async function sendTexts({ mls }: RpcClients, groupId: Uint8Array, texts: string[]): Promise<void> {
  await mls.sendGroupMessages({
    messages: texts.map((text) => ({
      version: { case: "v1" as const, value: { data: privateMessage({ groupId, text }) } },
    })),
  });
}

/** The text at the end of a private message. */
export function textOf(data: Uint8Array | undefined, length: number): string {
  return Buffer.from(data ?? [])
    .subarray(-length)
    .toString();
}

/** `count` texts of three digits: "000", "001" and so on. */
export function numbered(count: number, start = 0): string[] {
  return Array.from({ length: count }, (_, index) => String(start + index).padStart(3, "0"));
}
