import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { keychainAvailability } from "../../src/keychain/keychainAvailability.ts";
import { temporaryFolder } from "../temporaryFolder.ts";
import type { SecretServicePrograms } from "./findSecretService.ts";
import { until } from "../../../../test/until.ts";

/** A session bus of its own, on which GNOME Keyring can run with a home of its own. */
export type SecretService = {
  /** What DBUS_SESSION_BUS_ADDRESS is in this process from now on: libdbus reads it once. */
  address: string;
  /** Where everything that it keeps on disk is. */
  folder: string;
  /** Ends the keyring that runs, and starts one: locked or not, or none. */
  restart(as: "unlocked" | "locked" | "none"): Promise<void>;
  dispose(): Promise<void>;
};

/** Only what is started here answers on the bus: no prompt can open, whatever the machine has. */
const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;

export async function startSecretService({ bus, keyring, libraries }: SecretServicePrograms): Promise<SecretService> {
  const { path: folder, dispose } = await temporaryFolder();
  const runtime = join(folder, "run");
  await mkdir(runtime, { mode: 0o700 });
  await writeFile(join(folder, "bus.conf"), busConfig);
  const env = { PATH: process.env["PATH"], HOME: folder, XDG_RUNTIME_DIR: runtime };
  const busProcess = spawn(bus, [`--config-file=${join(folder, "bus.conf")}`, "--nofork", "--print-address=1"], {
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const address = await firstLine(busProcess);
  process.env["DBUS_SESSION_BUS_ADDRESS"] = address;
  let keyringProcess: ChildProcess | undefined;

  async function start(as: "unlocked" | "locked"): Promise<void> {
    const args = ["--foreground", "--components=secrets", `--control-directory=${runtime}`, ...(as === "unlocked" ? ["--unlock"] : [])];
    const own = { ...env, DBUS_SESSION_BUS_ADDRESS: address, ...(libraries && { LD_LIBRARY_PATH: libraries }) };
    const child = spawn(keyring, args, { env: own, stdio: ["pipe", "ignore", "ignore"] });
    keyringProcess = child;
    child.stdin.end("a password of its own");
    await until(async () => (await keychainAvailability()).isAvailable);
  }

  async function end(child: ChildProcess | undefined): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill();
    await once(child, "exit");
  }

  return {
    address,
    folder,
    async restart(as) {
      await end(keyringProcess);
      if (as !== "none") await start(as);
    },
    async dispose() {
      await end(keyringProcess);
      await end(busProcess);
      await dispose();
    },
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) return line;
  throw new Error(`${child.spawnfile} ended without a word.`);
}
