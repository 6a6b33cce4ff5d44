import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of its own for one test, and how to delete it. */
export async function temporaryFolder(parent = tmpdir()): Promise<{ path: string; dispose(): Promise<void> }> {
  const path = await mkdtemp(join(parent, "xmtp-backup-test-"));
  // A client that can't be closed may still be writing.
  return { path, dispose: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}
