import { createElement, StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { countListeners } from "../../../test/bindings/countListeners.ts";
import { world } from "../../core/test/support/world.ts";
import { BackupsProvider } from "../src/index.ts";
import { Panel } from "../test-support/panel.ts";

function render({ backups }: ReturnType<typeof world>): string {
  return renderToString(
    createElement(StrictMode, null, createElement(BackupsProvider, { backups }, createElement(Panel, { conversationId: "none" }))),
  );
}

describe("on a server", () => {
  it("default: renders the initial state", () => {
    const html = render(world());
    for (const text of [
      'status">idle',
      'backup">none',
      'archives">unknown',
      'listing">loading',
      'conversation">writable, never restored',
      'reminders">none',
    ]) {
      expect(html).toContain(`data-show="${text}<`);
    }
  });

  it("behavior: the same whatever has happened, since a browser can't know it yet", () => {
    const one = world();
    const html = render(one);
    one.host.failures.holdNext("exportArchive");
    void one.backups.backup();
    expect(render(one)).toBe(html);
  });

  it("behavior: listens to nothing and begins nothing", () => {
    const one = world();
    const counts = countListeners(one.backups);
    render(one);
    expect([...counts.values()].filter((count) => count !== 0)).toEqual([]);
    expect(one.backups.current()).toBeUndefined();
  });
});
