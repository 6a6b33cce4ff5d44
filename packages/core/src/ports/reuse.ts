/** How a whole backup builds on the last whole archive of the same installation. */
export type Reuse = {
  /** How often everything is exported again, as a duration such as `90d`. */
  freshEvery: string;
  /** How large a copy of the last archive may be that stays on this device, in bytes. */
  maxCopyBytes: number;
};
