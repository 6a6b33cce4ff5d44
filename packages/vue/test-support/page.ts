import { createApp, defineComponent, h, version } from "vue";
import { behaviours, runBehaviour } from "../../../test/bindings/behaviours.ts";
import type { Framework } from "../../../test/bindings/panel.ts";
import { backupsPlugin } from "../src/index.ts";
import { Panel } from "./panel.ts";
import { vueBehaviours } from "./vueBehaviours.ts";

// What a bundler's plugin for Vue would say.
Object.assign(globalThis, { __VUE_OPTIONS_API__: true, __VUE_PROD_DEVTOOLS__: false, __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false });

const vue: Framework = {
  mount(element, backups, { panels, ...props }) {
    const All = defineComponent(() => () => Array.from({ length: panels }, (_, key) => h(Panel, { key, ...props })));
    const app = createApp(All).use(backupsPlugin, { backups });
    app.mount(element);
    return { unmount: () => app.unmount() };
  },
};

const all = { ...behaviours, ...vueBehaviours };

export const versionOf = () => version;

export async function run(name: string): Promise<void> {
  const behaviour = all[name];
  if (!behaviour) throw new Error(`There is no behaviour ${name}.`);
  await runBehaviour(vue, behaviour);
}
