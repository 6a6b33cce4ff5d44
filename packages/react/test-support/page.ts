import { createElement, StrictMode, version } from "react";
import { createRoot } from "react-dom/client";
import { behaviours, runBehaviour } from "../../../test/bindings/behaviours.ts";
import type { Framework } from "../../../test/bindings/panel.ts";
import { BackupsProvider } from "../src/index.ts";
import { Panel } from "./panel.ts";
import { reactBehaviours } from "./reactBehaviours.ts";

/** Everything is mounted as React does in development: twice, with an unmounting between. */
const react: Framework = {
  mount(element, backups, { panels, ...props }) {
    const root = createRoot(element);
    const all = Array.from({ length: panels }, (_, key) => createElement(Panel, { key, ...props }));
    root.render(createElement(StrictMode, null, createElement(BackupsProvider, { backups }, all)));
    return { unmount: () => root.unmount() };
  },
};

const all = { ...behaviours, ...reactBehaviours };

export const versionOf = () => version;

export async function run(name: string): Promise<void> {
  const behaviour = all[name];
  if (!behaviour) throw new Error(`There is no behaviour ${name}.`);
  await runBehaviour(react, behaviour);
}
