import type { SlotKey } from "../src/index.ts";

/** A secret that a slot gave: a copy of it, and the very bytes that were handed out. */
export type GivenSecret = { copy: Uint8Array; bytes: Uint8Array };

/** Copies every secret that watched slot keys give, to see afterwards where it is and whether its bytes were overwritten. */
export function watchSecrets(): { given: GivenSecret[]; watched(slotKey: SlotKey): SlotKey } {
  const given: GivenSecret[] = [];
  const keep = (bytes: Uint8Array) => given.push({ copy: new Uint8Array(bytes), bytes });
  return {
    given,
    watched: (slotKey) => ({
      ...slotKey,
      async create(options) {
        const made = await slotKey.create(options);
        keep(made.secret);
        return made;
      },
      async *unlock(slots, options) {
        for await (const candidate of slotKey.unlock(slots, options)) {
          keep(candidate.secret);
          yield candidate;
        }
      },
    }),
  };
}
