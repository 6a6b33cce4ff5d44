import { describe, expect, it, vi } from "vitest";
import { backUp, newInstallation, world } from "../support/world.ts";

/** A new phone whose notes of restored conversations, looks and streams are logged. */
async function logged() {
  const one = world();
  const entry = await backUp(one.backups);
  const { backups, host } = newInstallation(one);
  const log: string[] = [];
  const { journal } = host;
  const [write, remove, sync, watch] = [
    journal.write.bind(journal),
    journal.remove.bind(journal),
    host.syncConversations.bind(host),
    host.watch.bind(host),
  ];
  const failures = { activation: false };
  vi.spyOn(journal, "write").mockImplementation(async (name, ...rest) => {
    if (name === "activation" && failures.activation) throw new Error("no space left on device");
    await write(name, ...rest);
    if (name === "activation") log.push("noted");
  });
  vi.spyOn(journal, "remove").mockImplementation(async (name, ...rest) => {
    await remove(name, ...rest);
    if (name === "restoring") log.push("import forgotten");
  });
  vi.spyOn(host, "syncConversations").mockImplementation(async (...args) => {
    log.push("look");
    await sync(...args);
  });
  vi.spyOn(host, "watch").mockImplementation((listener) => {
    log.push("stream");
    return watch(listener);
  });
  return { entry, backups, log, failures };
}

describe("the tracking after an import", () => {
  it("default: what was restored is noted before anything looks or streams, which would hold up the end of the restore", async () => {
    const { entry, backups, log } = await logged();
    await backups.restore(entry).result;
    await vi.waitFor(() => expect(log).toContain("look"));
    expect(log.slice(0, 2)).toEqual(["noted", "import forgotten"]);
    expect(log.filter((event) => event === "stream")).toHaveLength(1);
    backups.stop();
  });

  it("behavior: it looks and streams where the note fails too", async () => {
    const { entry, backups, log, failures } = await logged();
    failures.activation = true;
    await backups.restore(entry).result.catch(() => undefined);
    await vi.waitFor(() => expect(log).toEqual(expect.arrayContaining(["look", "stream"])));
    backups.stop();
  });
});
