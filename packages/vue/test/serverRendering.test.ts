import { describe, expect, it } from "vitest";
import { createSSRApp } from "vue";
import { renderToString } from "vue/server-renderer";
import { countListeners } from "../../../test/bindings/countListeners.ts";
import { world } from "../../core/test/support/world.ts";
import { backupsPlugin } from "../src/index.ts";
import { Panel } from "../test-support/panel.ts";

function render({ backups }: ReturnType<typeof world>): Promise<string> {
  return renderToString(createSSRApp(Panel, { conversationId: "none" }).use(backupsPlugin, { backups }));
}

describe("on a server", () => {
  it("default: renders the initial state", async () => {
    const html = await render(world());
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

  it("behavior: listens to nothing and begins nothing", async () => {
    const one = world();
    const counts = countListeners(one.backups);
    await render(one);
    expect([...counts].filter(([, count]) => count !== 0)).toEqual([]);
    expect(one.backups.current()).toBeUndefined();
  });
});
