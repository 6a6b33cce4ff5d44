/** What a key ring may hold. A store can put any bytes in its place, and reading them must stay cheap. */
export const ringLimits = { bytes: 1_048_576, slots: 32, keys: 512, generation: 2 ** 40, copies: 8 } as const;
