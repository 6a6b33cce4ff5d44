/** How a whole backup builds on the last whole archive of the same installation, and exports only what is new. */
export type ReuseSettings = {
  /** How often everything is exported again, as a duration such as `90d`. @default "90d" */
  freshEvery?: string;
  /**
   * How large a copy of the last archive may be that stays on this device, in bytes; 0 for no copy. The copy is encrypted as the archive
   * is. A store that keeps its archives on this device needs none.
   *
   * @default 268435456, which is 256 MB
   */
  maxCopyBytes?: number;
};

/** The same with each setting filled in. */
export type Reuse = Required<ReuseSettings>;

/** The settings with their defaults. */
export function fullReuse({ freshEvery = "90d", maxCopyBytes = 268_435_456 }: ReuseSettings = {}): Reuse {
  return { freshEvery, maxCopyBytes };
}
