import { vi } from "vitest";

/** Bytes that are copied from one typed array into another while `run` works: what grows with the square of the input shows here on any machine. */
export const copiedBytes = async (run: () => unknown): Promise<number> => {
  const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array;
  const { set } = typedArray;
  let bytes = 0;
  const spy = vi.spyOn(typedArray, "set").mockImplementation(function (this: Uint8Array, source: ArrayLike<number>, at?: number) {
    bytes += source.length;
    set.call(this, source, at);
  });
  try {
    await run();
  } finally {
    spy.mockRestore();
  }
  return bytes;
};
