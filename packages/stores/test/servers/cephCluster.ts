import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "./freePort.ts";
import { type Program, startProgram } from "./startProgram.ts";

const execute = promisify(execFile);

export type CephCluster = Awaited<ReturnType<typeof startCephCluster>>;

/** The smallest cluster of Ceph that a gateway can stand on: a monitor, and a store of objects in memory. */
export async function startCephCluster() {
  const root = await mkdtemp(join(tmpdir(), "xmtp-backup-ceph-"));
  const at = (name: string) => join(root, name);
  const monitor = `v2:127.0.0.1:${await freePort()}`;
  const fsid = crypto.randomUUID();
  const programs: Program[] = [];

  const run = async (command: string, ...args: string[]) => (await execute(command, ["-c", at("ceph.conf"), ...args])).stdout;
  const start = (command: string, ...args: string[]) => {
    const log = at(`${command}.log`);
    const program = startProgram(`/usr/bin/${command}`, ["-c", at("ceph.conf"), "-f", ...args], { log });
    programs.push(program);
    return { program, log };
  };
  const dispose = async () => {
    await Promise.all(programs.map(({ stop }) => stop()));
    await rm(root, { recursive: true, force: true });
  };

  try {
    for (const folder of ["mon", "osd", "run", "log"]) await mkdir(at(folder));
    await writeFile(at("ceph.conf"), configuration(root, fsid, monitor));
    await makeKeys(at("keyring"));
    await execute("monmaptool", ["--create", "--addv", "a", `[${monitor}]`, "--fsid", fsid, at("monmap")]);
    await run("ceph-mon", "--mkfs", "-i", "a", "--monmap", at("monmap"), "--keyring", at("keyring"));
    start("ceph-mon", "-i", "a");
    // It waits until the monitor answers.
    await run("ceph", "--connect-timeout", "30", "osd", "create");
    await run("ceph-osd", "-i", "0", "--mkfs");
    start("ceph-osd", "-i", "0");
    return { run, start, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function makeKeys(file: string): Promise<void> {
  const capabilities = {
    "mon.": ["mon", "allow *"],
    "client.admin": ["mon", "allow *", "osd", "allow *"],
    "osd.0": ["mon", "allow profile osd", "osd", "allow *"],
  };
  await execute("ceph-authtool", ["--create-keyring", file]);
  for (const [name, pairs] of Object.entries(capabilities)) {
    const caps = pairs.flatMap((text, index) => (index % 2 === 0 ? ["--cap", text] : [text]));
    await execute("ceph-authtool", [file, "--gen-key", "-n", name, ...caps]);
  }
}

function configuration(root: string, fsid: string, monitor: string): string {
  return `[global]
fsid = ${fsid}
mon host = [${monitor}]
public addr = 127.0.0.1
keyring = ${root}/keyring
mon data = ${root}/mon
osd data = ${root}/osd
run dir = ${root}/run
admin socket = ${root}/run/$name.asok
pid file = ${root}/run/$name.pid
log file = ${root}/log/$name.log
# One of everything: nothing is kept twice.
osd pool default size = 1
osd pool default min size = 1
mon allow pool size one = true
osd crush chooseleaf type = 0
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
mon max pg per osd = 1000
mon data avail crit = 1
mon data avail warn = 1
osd objectstore = memstore
memstore device bytes = 536870912
# S3 takes no part of less than 5 MiB that is not the last; the tests have smaller ones.
rgw multipart min part size = 1
# A change of the cluster is announced at once, and not once a second.
paxos propose interval = 0.01
paxos min wait = 0.01
`;
}
