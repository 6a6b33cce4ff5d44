import { describe, expect, it } from "vitest";

describe("exports", () => {
  it.each(["archive", "core", "node", "node/agents", "browser", "keys", "keys/passkey", "stores/http", "stores/server", "testing", "local-network", "react", "vue"])("default: @xmtp-backup/%s", async (name) => {
    const module = (await import(`@xmtp-backup/${name}`)) as Record<string, unknown>;
    expect(Object.keys(module).sort()).toMatchSnapshot();
  });
});
