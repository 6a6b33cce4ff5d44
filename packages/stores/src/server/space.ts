/** What one inbox uses of its quota, in bytes: counted once, and kept from then on. */
export type Space = {
  usedBytes(): Promise<number>;
  /** Takes room, or gives some back; false when there is not enough, with nothing taken. */
  take(bytes: number): Promise<boolean>;
};

/** Changes come one by one: two that count at once would not see each other. */
export function createSpace(quotaBytes: number, count: () => Promise<number>): Space {
  let used: number | undefined;

  const usedBytes = async () => (used ??= await count());

  return {
    usedBytes,
    async take(bytes) {
      if ((await usedBytes()) + bytes > quotaBytes && bytes > 0) {
        // Somebody may have made room by hand, or an upload may never have begun.
        used = await count();
        if (used + bytes > quotaBytes) return false;
      }
      used = (await usedBytes()) + bytes;
      return true;
    },
  };
}
