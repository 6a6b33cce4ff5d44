/** What files take: their bytes, and how many they are. */
export type Weight = { bytes: number; files: number };

/** What one inbox uses of its quota: counted once, and kept from then on. */
export type Space = {
  used(): Promise<Weight>;
  /** Takes room; false when there is not enough, with nothing taken. */
  take(weight: Weight): Promise<boolean>;
  giveBack(weight: Weight): Promise<void>;
  /** Counts again before the next change: nobody knows any more what something took. */
  forget(): void;
};

/** Changes come one by one: two that count at once would not see each other. The taken room is on disk before the next change begins. */
export function createSpace(limits: Weight, count: () => Promise<Weight>): Space {
  let known: Weight | undefined;

  const used = async () => (known ??= await count());
  const fits = (more: Weight, there: Weight) =>
    (["bytes", "files"] as const).every((unit) => more[unit] <= 0 || there[unit] + more[unit] <= limits[unit]);

  return {
    used,
    async take(weight) {
      // Somebody may have made room by hand.
      if (!fits(weight, await used())) known = await count();
      if (!fits(weight, await used())) return false;
      known = sum(await used(), weight);
      return true;
    },
    async giveBack(weight) {
      known = difference(await used(), weight);
    },
    forget() {
      known = undefined;
    },
  };
}

export function sum(...weights: readonly Weight[]): Weight {
  return weights.reduce((total, { bytes, files }) => ({ bytes: total.bytes + bytes, files: total.files + files }), { bytes: 0, files: 0 });
}

export function difference(left: Weight, right: Weight): Weight {
  return { bytes: left.bytes - right.bytes, files: left.files - right.files };
}
