// `npm run pictures`: makes the README's pictures of the restore wizard, out of the screenshots that the messenger's story takes.
import { spawnSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const { status } = spawnSync("vitest", ["run", "examples/react-app/test/story.browser.test.ts"], {
  cwd: root,
  stdio: "inherit",
  shell: process.platform === "win32",
});
if (status === 0) {
  for (const scheme of ["light", "dark"])
    copyFileSync(
      `${root}examples/react-app/screenshots/restore-preview-desktop-${scheme}.png`,
      `${root}docs/images/restore-wizard-${scheme}.png`,
    );
}
process.exitCode = status ?? 1;
