/** The order of two values, as `sort` wants it. */
export const compare = <T extends bigint | string | number>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);
