import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where the parts of an unpacked C library lie. */
export type UnpackedLibc = { libraries: string; loader: string; patchelf: string };

/** Debian's release whose library is new enough, and the one whose patchelf makes a Node that runs (0.14; that of 0.18 crashes). */
const [libcSuite, patchelfSuite] = ["trixie", "bookworm"] as const;

/**
 * The C library of a newer Debian, unpacked into a folder unless it is there already.
 *
 * apt downloads the packages from the system's own mirror and checks their signatures with the system's keys.
 *
 * @param root - the folder to unpack it into
 * @param work - a private folder on the same disk, for what is needed meanwhile
 * @throws when no mirror has it.
 */
export function fetchNewerLibc(root: string, work: string): UnpackedLibc {
  if (!existsSync(root)) unpack(root, work);
  const [libraries = ""] = readdirSync(join(root, "usr/lib"))
    .filter((name) => name.includes("-linux-gnu"))
    .map((name) => join(root, "usr/lib", name));
  const loader = readdirSync(libraries).find((name) => /^ld-linux.*\.so\.\d+$/.test(name));
  if (loader === undefined) throw new Error(`${libraries} has no loader`);
  return { libraries, loader: join(libraries, loader), patchelf: join(root, "usr/bin/patchelf") };
}

function unpack(root: string, work: string): void {
  download(work);
  const unpacked = join(work, "root");
  for (const name of readdirSync(work).filter((each) => each.endsWith(".deb")))
    execFileSync("/usr/bin/dpkg-deb", ["--extract", name, unpacked], { cwd: work, stdio: "pipe" });
  try {
    renameSync(unpacked, root);
  } catch (error) {
    // Another process was faster.
    if (!existsSync(root)) throw error;
  }
}

function download(work: string): void {
  const failures: unknown[] = [];
  for (const mirror of mirrors()) {
    try {
      return downloadFrom(mirror, work);
    } catch (error) {
      failures.push(error);
    }
  }
  throw failures[0] ?? new Error("apt names no mirror of Debian");
}

function downloadFrom(mirror: string, work: string): void {
  const [list, lists, archives] = [join(work, "sources.list"), join(work, "lists"), join(work, "archives")];
  for (const folder of [lists, archives]) mkdirSync(join(folder, "partial"), { recursive: true });
  writeFileSync(list, [libcSuite, patchelfSuite].map((suite) => `deb ${mirror} ${suite} main\n`).join(""));
  const own = [
    `Dir::Etc::SourceList=${list}`,
    "Dir::Etc::SourceParts=/dev/null",
    `Dir::State::Lists=${lists}`,
    `Dir::Cache=${work}`,
    "Acquire::Languages=none",
    "Acquire::Retries=3",
  ];
  const aptGet = (...args: string[]) =>
    execFileSync("/usr/bin/apt-get", ["-qq", ...own.flatMap((option) => ["-o", option]), ...args], {
      cwd: work,
      encoding: "utf8",
      stdio: "pipe",
    });
  aptGet("update");
  aptGet("download", ...["libc6", "libgcc-s1", "libstdc++6"].map((name) => `${name}/${libcSuite}`), `patchelf/${patchelfSuite}`);
}

/** The mirrors that the system itself uses; those of security updates have no whole release. */
function mirrors(): string[] {
  const targets = execFileSync("/usr/bin/apt-get", ["indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"], {
    encoding: "utf8",
    stdio: "pipe",
  });
  return [...new Set(targets.split("\n"))].filter((uri) => uri !== "" && !/security/.test(uri));
}
