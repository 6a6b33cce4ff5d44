/** The key of all archives that a bench makes. */
export const benchKey = new Uint8Array(32).fill(0xb5);
