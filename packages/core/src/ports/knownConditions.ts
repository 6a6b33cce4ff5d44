/** What the platform can tell of the device; absent means that it can't. */
export type KnownConditions = { online?: boolean; metered?: boolean; wifi?: boolean; charging?: boolean };
