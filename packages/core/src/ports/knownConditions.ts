/** What the platform knows about the device; absent means that it does not know. */
export type KnownConditions = { online?: boolean; metered?: boolean; wifi?: boolean; charging?: boolean };
