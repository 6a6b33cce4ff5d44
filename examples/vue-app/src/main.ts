// npm run example:vue: a messenger in Vue, on a network of its own with Bob on it; ends with Ctrl+C.
import vue from "@vitejs/plugin-vue";
import { startExample } from "@xmtp-backup/example-messenger/server";

const example = await startExample({ root: new URL("..", import.meta.url), plugins: [vue()] });
process.stdout.write(`Harbour in Vue: ${example.url} (nothing leaves this machine; Ctrl+C ends it)\n`);

for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => void example.close().finally(() => process.exit()));
}
