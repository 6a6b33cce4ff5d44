// Installs the servers that the stores are tested against, where they are missing and it may: as root on Debian. None of them is left running, or starts with the machine.
import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { aptGet, mayInstall } from "./aptGet.ts";
import { type DebianServer, debianServers, isInstalled, notInstalled, type ServerPackages } from "./debianServers.ts";

const servers = Object.keys(debianServers) as DebianServer[];
const missing = servers.filter((server) => !isInstalled(server));

/** Debian's packages ask this file whether they may start a service; 101 is "no". */
const policy = "/usr/sbin/policy-rc.d";

function withoutServices(install: () => void): void {
  if (existsSync(policy)) return install();
  writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    install();
  } finally {
    rmSync(policy, { force: true });
  }
}

if (missing.length > 0 && mayInstall) {
  withoutServices(() => {
    aptGet("update");
    for (const server of missing) {
      const { packages, services = [] }: ServerPackages = debianServers[server];
      aptGet("install", "--yes", "--no-install-recommends", ...packages);
      if (existsSync("/run/systemd/system")) spawnSync("systemctl", ["disable", ...services]);
    }
  });
}
for (const server of servers) process.stdout.write(`${server}: ${isInstalled(server) ? "installed" : notInstalled(server)}\n`);
