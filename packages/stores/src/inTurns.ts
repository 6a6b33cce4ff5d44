import { breathe } from "@xmtp-backup/core";

const itemsAtOnce = 1_000;

/** A long list part by part; between two of them everything else has its turn. */
export async function* inTurns<T>(items: readonly T[]): AsyncGenerator<readonly T[]> {
  for (let at = 0; at < items.length; at += itemsAtOnce) {
    yield items.slice(at, at + itemsAtOnce);
    await breathe();
  }
}
