import { expectEqual, expectThat } from "@xmtp-backup/testing";
import { createElement, type ReactNode, StrictMode, startTransition, useState } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { until } from "../../../test/bindings/screen.ts";
import { world } from "../../core/test/support/world.ts";
import { BackupsProvider, useBackup, useBackupStatus } from "../src/index.ts";
import { Panel } from "./panel.ts";

/** What only React can do. */
export const reactBehaviours: Record<string, () => Promise<void>> = {
  async "behavior: a render that is interrupted by a change never shows both"() {
    const { backups, host } = world();
    const element = document.body.appendChild(document.createElement("main"));
    const release = host.failures.holdNext("exportArchive");
    let hasBegun = false;
    const read = new Set<string>();
    let readBeforeCommit: string[] | undefined;

    function SlowReader({ index }: { index: number }): ReactNode {
      const { running = "idle" } = useBackupStatus();
      read.add(running);
      const endMs = performance.now() + 6;
      while (performance.now() < endMs);
      if (index === 5 && !hasBegun) {
        hasBegun = true;
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => void backups.backup();
        port2.postMessage(undefined);
      }
      return createElement("i", null, running);
    }
    let show = () => {};
    function Readers(): ReactNode {
      const [isShown, setShown] = useState(false);
      show = () => startTransition(() => setShown(true));
      return isShown
        ? Array.from({ length: 30 }, (_, index) => createElement(SlowReader, { key: index, index }))
        : createElement("b", null, "ready");
    }

    const shown = () => [...element.querySelectorAll("i")].map(({ textContent }) => textContent);
    const torn: string[] = [];
    const observer = new MutationObserver(() => {
      if (new Set(shown()).size > 1) torn.push(shown().join());
      if (shown().length > 0) readBeforeCommit ??= [...read];
    });
    observer.observe(element, { subtree: true, childList: true, characterData: true });
    const root = createRoot(element);
    root.render(createElement(BackupsProvider, { backups }, createElement(Readers)));
    await until(
      () => element.textContent === "ready",
      () => "the first render",
    );
    show();
    await until(
      () => shown().length === 30 && shown().every((text) => text === "backup"),
      () => `readers show ${shown().join()}`,
    );
    expectEqual(torn, [], "torn values");
    expectEqual(readBeforeCommit, ["idle", "backup"], "what the interrupted render read");
    observer.disconnect();
    root.unmount();
    element.remove();
    release();
    await backups.current()?.task.result;
  },

  async "behavior: what a server rendered becomes live without a mismatch, though much has happened since"() {
    const render = (backups: ReturnType<typeof world>["backups"]) =>
      createElement(StrictMode, null, createElement(BackupsProvider, { backups }, createElement(Panel, { conversationId: "none" })));
    const element = document.body.appendChild(document.createElement("main"));
    element.innerHTML = renderToString(render(world().backups));
    const { backups, host } = world();
    const release = host.failures.holdNext("exportArchive");
    void backups.backup();
    const mismatches: unknown[] = [];
    const root = hydrateRoot(element, render(backups), { onRecoverableError: (error) => mismatches.push(String(error)) });
    await until(
      () => element.querySelector('[data-show="status"]')?.textContent === "backup",
      () => element.innerHTML,
    );
    expectEqual(mismatches, [], "mismatches");
    root.unmount();
    element.remove();
    release();
    await backups.current()?.task.result;
  },

  async "behavior: shows what other backups say once the provider gives those"() {
    const [one, two] = [world(), world()];
    const element = document.body.appendChild(document.createElement("main"));
    const Text = () => `${useBackup().state?.status}, ${useBackupStatus().lastSuccess?.archiveId}`;
    const render = ({ backups }: typeof one) => root.render(createElement(BackupsProvider, { backups }, createElement(Text)));
    const root = createRoot(element);
    const task = one.backups.backup();
    render(one);
    const { entry } = await task.result;
    await until(
      () => element.textContent === `succeeded, ${entry.id}`,
      () => `shows ${element.textContent}`,
    );
    render(two);
    await until(
      () => element.textContent === "undefined, undefined",
      () => `shows ${element.textContent}`,
    );
    root.unmount();
    element.remove();
  },

  async "behavior: says what is missing without a provider"() {
    let message = "";
    const Status = () => useBackupStatus().running;
    try {
      renderToString(createElement(Status));
    } catch (error) {
      message = String(error);
    }
    expectThat(message.includes("BackupsProvider"), `says ${message}`);
  },
};
