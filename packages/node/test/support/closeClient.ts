import { Client } from "@xmtp/node-sdk";
import type { TestContext } from "vitest";

type Closable = { close?(): Promise<void> };

/** Whether the SDK can close a client: 6.0.0 can't, and has its clients open until the process ends. */
export const canClose = "close" in Client.prototype;

/** Closes a client where the SDK can. */
export async function closeClient(client: Closable): Promise<void> {
  await client.close?.();
}

/** Why a test of what a closed client does is skipped where the SDK has none. */
export const cantClose = "this version of the SDK can't close a client";

/** Skips such a test. */
export function closedOrSkip(context: Pick<TestContext, "skip">): void {
  context.skip(!canClose, cantClose);
}
