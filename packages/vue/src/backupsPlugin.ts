import type { Backups } from "@xmtp-backup/core";
import { inject, type InjectionKey, type Plugin, provide } from "vue";

const backupsKey: InjectionKey<Backups> = Symbol("xmtp-backup");

export type BackupsPluginOptions = {
  /** Created and started once, outside of components: the plugin neither starts nor stops it. */
  backups: Backups;
};

/**
 * Gives the backups of one XMTP client to the composables of an app.
 *
 * @example
 * ```ts
 * import type { Backups } from "@xmtp-backup/core";
 * import { backupsPlugin } from "@xmtp-backup/vue";
 * import { type Component, createApp } from "vue";
 *
 * const show = (App: Component, backups: Backups) => createApp(App).use(backupsPlugin, { backups }).mount("#app");
 * ```
 */
export const backupsPlugin: Plugin<[BackupsPluginOptions]> = {
  install: (app, { backups }) => app.provide(backupsKey, backups),
};

/** The same for the components below the one that calls it, as where users change while the app runs. */
export function provideBackups(backups: Backups): void {
  provide(backupsKey, backups);
}

/** The backups that the plugin or `provideBackups` gives, for whatever has no composable. */
export function useBackups(): Backups {
  const backups = inject(backupsKey, undefined);
  if (!backups) throw new Error("The app does not use backupsPlugin, and no component above calls provideBackups.");
  return backups;
}
