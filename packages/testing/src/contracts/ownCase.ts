import type { ContractCase } from "./contractCase.ts";

/** A case with a place of its own, which is disposed of whatever becomes of the case. */
export function ownCase<TPlace extends { dispose?: () => Promise<void> }>(
  setUp: () => Promise<TPlace>,
  name: string,
  run: (place: TPlace) => Promise<void>,
): ContractCase {
  return {
    name,
    async run() {
      const place = await setUp();
      try {
        await run(place);
      } finally {
        await place.dispose?.();
      }
    },
  };
}
