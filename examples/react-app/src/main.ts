// npm run example:react: a messenger in React, on a network of its own with Bob on it; ends with Ctrl+C.
import react from "@vitejs/plugin-react";
import { startExample } from "@xmtp-backup/example-messenger/server";

const example = await startExample({ root: new URL("..", import.meta.url), plugins: [react()] });
process.stdout.write(`Harbour in React: ${example.url} (nothing leaves this machine; Ctrl+C ends it)\n`);

for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => void example.close().finally(() => process.exit()));
}
