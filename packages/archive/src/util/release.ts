/**
 * Gives memory back at once where the engine can (ES2024). A garbage collector that has nothing else to do would leave some hundred
 * megabytes of spent buffers. Only for memory that nobody looks at any more.
 */
export const release = (bytes: ArrayBufferView): void => {
  const buffer = bytes.buffer as ArrayBuffer & { transfer?(length: number): ArrayBuffer };
  // A part of a buffer is not ours to give back.
  if (buffer.byteLength === bytes.byteLength) buffer.transfer?.(0);
};
