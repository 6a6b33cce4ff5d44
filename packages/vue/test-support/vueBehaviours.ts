import { expectEqual, expectThat } from "@xmtp-backup/testing";
import { createApp, createSSRApp, defineComponent, effectScope, h, nextTick, ref } from "vue";
import { renderToString } from "vue/server-renderer";
import { countListeners } from "../../../test/bindings/countListeners.ts";
import { until } from "../../../test/bindings/screen.ts";
import { backUp, newInstallation, world } from "../../core/test/support/world.ts";
import { backupsPlugin, provideBackups, useBackup, useBackupStatus, useConversationActive } from "../src/index.ts";
import { Panel } from "./panel.ts";

const nothing = defineComponent(() => () => h("i"));

/** What only Vue can do. */
export const vueBehaviours: Record<string, () => Promise<void>> = {
  async "behavior: works in a scope without a component, until that ends"() {
    const { backups, host } = world();
    const counts = countListeners(backups);
    const app = createApp(nothing).use(backupsPlugin, { backups });
    const scope = effectScope(true);
    const values = app.runWithContext(() => scope.run(() => ({ status: useBackupStatus(), ...useBackup() })));
    if (!values) throw new Error("The scope did not run.");
    const release = host.failures.holdNext("exportArchive");
    const task = values.backup();
    expectEqual(
      [values.status.value.running, values.task.value === task, values.state.value?.status],
      ["backup", true, "running"],
      "at once",
    );
    scope.stop();
    expectEqual(
      [...counts.values()].filter((count) => count !== 0),
      [],
      "listeners left",
    );
    release();
    await task.result;
    expectEqual(values.status.value.running, "backup", "the value after the end of the scope");
  },

  async "behavior: a scope that ends before its component is mounted leaves no subscription behind"() {
    const { backups } = world();
    const counts = countListeners(backups);
    const element = document.body.appendChild(document.createElement("main"));
    const Brief = defineComponent(() => {
      const scope = effectScope();
      scope.run(() => useBackupStatus());
      scope.stop();
      return () => h("i", "brief");
    });
    const app = createApp(Brief).use(backupsPlugin, { backups });
    app.mount(element);
    await until(
      () => element.textContent === "brief",
      () => "the component",
    );
    expectEqual(counts.get("status$"), 0, "listeners");
    app.unmount();
    element.remove();
  },

  async "behavior: follows another conversation when the id changes"() {
    const one = world();
    const entry = await backUp(one.backups);
    const { backups } = newInstallation(one);
    await backups.restore(entry).result;
    const app = createApp(nothing).use(backupsPlugin, { backups });
    const scope = effectScope(true);
    const id = ref("none");
    const followed = app.runWithContext(() => scope.run(() => useConversationActive(id)));
    const values = () => [followed?.canWrite.value, followed?.state.value?.status];
    expectEqual(values(), [true, undefined], "one that was not restored");
    id.value = [...one.host.inbox.conversations.keys()][0] ?? "";
    expectEqual(values(), [false, "waiting"], "one that was restored");
    scope.stop();
  },

  async "behavior: what a server rendered becomes live"() {
    const { backups, host } = world();
    const element = document.body.appendChild(document.createElement("main"));
    const create = () => createSSRApp(Panel, { conversationId: "none" }).use(backupsPlugin, { backups });
    element.innerHTML = await renderToString(create());
    const app = create();
    app.mount(element);
    const release = host.failures.holdNext("exportArchive");
    const task = backups.backup();
    await until(
      () => element.querySelector('[data-show="status"]')?.textContent === "backup",
      () => element.innerHTML,
    );
    release();
    await task.result;
    app.unmount();
    element.remove();
  },

  async "behavior: a component gives other backups to those below it"() {
    const [one, two] = [world(), world()];
    const element = document.body.appendChild(document.createElement("main"));
    const entry = await backUp(two.backups);
    const Text = defineComponent(() => {
      const status = useBackupStatus();
      return () => h("i", status.value.lastSuccess?.archiveId);
    });
    const Other = defineComponent(() => {
      provideBackups(two.backups);
      return () => h(Text);
    });
    const app = createApp(Other).use(backupsPlugin, { backups: one.backups });
    app.mount(element);
    await nextTick();
    expectEqual(element.textContent, entry.id, "the archive");
    app.unmount();
    element.remove();
  },

  async "behavior: says what is missing without the plugin"() {
    let message = "";
    try {
      createApp(nothing).runWithContext(() => useBackupStatus());
    } catch (error) {
      message = String(error);
    }
    expectThat(message.includes("backupsPlugin"), `says ${message}`);
  },
};
