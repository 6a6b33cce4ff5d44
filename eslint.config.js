import eslint from "@eslint/js";
import vue from "eslint-plugin-vue";
import tseslint from "typescript-eslint";
import vueParser from "vue-eslint-parser";

/** Forbids imports whose specifier matches one of the patterns, with the reason. */
function forbid(files, ...rules) {
  return {
    files,
    ignores: ["**/*.test.ts", "**/test/**", "**/bench/**"],
    rules: { "no-restricted-imports": ["error", { patterns: rules.map(([regex, message]) => ({ regex, message })) }] },
  };
}

/** Rooms of core that a room must not import: data flows model → errors → ports → policy → machines, and actors → client. */
const rooms = (names) => [`^\\.\\./(${names.join("|")})/`, "Imports run one way: see docs/architecture.md."];
/** Each place is an entry of its own: an app that uses one loads nothing of another. What runs in apps knows nothing of the server. */
const places = (names) => [`^(\\.\\./)+(${names.map((name) => (name.includes("/") ? name : `${name}/`)).join("|")})`, "Each place of stores stands alone; what they share lies beside them."];
/** For each folder of a package, the folders beside it that it may import: no other one, so that imports run one way. */
const oneWay = (name, mayImport, ...rules) =>
  Object.entries(mayImport).map(([folder, known]) => {
    const others = Object.keys(mayImport).filter((other) => other !== folder && !known.includes(other));
    return forbid([`packages/${name}/src/${folder}/**`], ...rules, rooms(others));
  });
const storesKnow = ["^@xmtp-backup/(?!core)", "stores knows core only."];
const nodeKnows = [
  ["^@xmtp-backup/(?!core|archive)", "node knows core and archive only."],
  ["^@xmtp/", "node goes by a client's shape, so that any copy of the SDK fits."],
];
const browserKnows = [
  ["^(node:|fs$|path$|os$)", "browser uses nothing of Node."],
  ["^@xmtp-backup/(?!core|archive)", "browser knows core and archive only."],
  ["^@xmtp/", "browser goes by a client's shape, so that any copy of the SDK fits."],
];
const engineOnly = ["^(node:|@xmtp/|fs$|path$|os$)", "archive and core use only what every JavaScript engine has."];

export default tseslint.config(
  { ignores: ["**/dist/**", "**/gen/**", "**/node_modules/**", "**/.turbo/**", "**/vectors/**", "**/bench/**/*.mjs"] },
  eslint.configs.recommended,
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-definitions": ["error", "type"],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true }],
      "@typescript-eslint/unbound-method": "off",
      "@typescript-eslint/only-throw-error": "off",
      "@typescript-eslint/prefer-promise-reject-errors": "off",
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/return-await": ["error", "in-try-catch"],
      "no-restricted-syntax": ["error", { selector: "TSEnumDeclaration", message: "No enums of our own: use a union of strings." }],
    },
  },
  // Types of .vue files are vue-tsc's business.
  {
    files: ["**/*.vue"],
    extends: [tseslint.configs.recommended, vue.configs["flat/essential"]],
    languageOptions: { parser: vueParser, parserOptions: { parser: tseslint.parser } },
    rules: { "vue/multi-word-component-names": "off", "vue/define-emits-declaration": "error" },
  },
  // Handlers of agent-sdk are asynchronous functions.
  { files: ["test/readme/agent.ts"], rules: { "@typescript-eslint/no-misused-promises": "off" } },
  // XState's setup() takes its types as `{} as Type`.
  { files: ["packages/core/src/machines/**"], rules: { "@typescript-eslint/no-unnecessary-type-assertion": "off" } },
  { files: ["packages/core/src/ports/**"], rules: { "@typescript-eslint/consistent-type-definitions": "off" } },
  { files: ["**/*.js", "**/*.mjs"], languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly" } } },
  { files: ["test/bundlers/main.js"], languageOptions: { globals: { URLSearchParams: "readonly", location: "readonly", document: "readonly", crossOriginIsolated: "readonly", FileSystemFileHandle: "readonly" } } },
  forbid(["packages/archive/src/**"], engineOnly, ["^@xmtp-backup/", "archive imports no other package of ours."]),
  forbid(["packages/core/src/**"], engineOnly),
  forbid(["packages/core/src/model/**"], engineOnly, rooms(["errors", "ports", "policy", "machines", "actors", "client", "remote"])),
  forbid(["packages/core/src/errors/**"], engineOnly, rooms(["ports", "policy", "machines", "actors", "client", "remote"])),
  forbid(["packages/core/src/ports/**"], engineOnly, rooms(["policy", "machines", "actors", "client", "remote"])),
  forbid(["packages/core/src/texts/**"], engineOnly, rooms(["errors", "ports", "policy", "machines", "actors", "client", "remote"]), ["^(rxjs|xstate)", "texts are pure functions."]),
  forbid(["packages/core/src/policy/**"], engineOnly, rooms(["machines", "actors", "client", "remote"]), ["^(rxjs|xstate)", "policy is pure functions."]),
  forbid(["packages/core/src/machines/**"], engineOnly, rooms(["ports", "actors", "client", "remote"]), ["^rxjs", "machines are pure statecharts."]),
  forbid(["packages/core/src/client/**"], engineOnly, rooms(["remote"])),
  forbid(["packages/core/src/actors/**"], engineOnly, rooms(["machines", "client", "remote"]), ["^(rxjs|xstate)", "actors are plain asynchronous functions."]),
  forbid(["packages/testing/src/**"], engineOnly, ["^@xmtp-backup/(?!core|archive)", "testing knows core and archive only."]),
  forbid(["packages/node/src/**"], ...nodeKnows),
  ...oneWay(
    "node",
    {
      files: [],
      device: [],
      state: ["files"],
      store: ["files"],
      keychain: ["files"],
      keys: ["files", "state"],
      host: ["files", "device", "state"],
      agents: ["keys", "host"],
    },
    ...nodeKnows,
  ),
  forbid(["packages/browser/src/**"], ...browserKnows),
  ...oneWay(
    "browser",
    { files: [], device: [], state: ["files"], store: ["files", "device", "state"], keys: ["state"], host: ["device", "state"], tabs: ["device", "host"] },
    ...browserKnows,
  ),
  forbid(["packages/keys/src/**"], engineOnly, ["^@xmtp-backup/(?!core)", "keys knows core only."]),
  forbid(["packages/stores/src/**"], engineOnly, storesKnow, places(["google-drive", "http", "mirror", "s3", "server", "webdav"])),
  forbid(["packages/stores/src/google-drive/**"], engineOnly, storesKnow, places(["http", "mirror", "s3", "server", "webdav"])),
  forbid(["packages/stores/src/http/**"], engineOnly, storesKnow, places(["google-drive", "mirror", "s3", "server", "webdav"])),
  forbid(["packages/stores/src/mirror/**"], engineOnly, storesKnow, places(["google-drive", "http", "s3", "server", "webdav"])),
  forbid(["packages/stores/src/s3/**"], engineOnly, storesKnow, places(["google-drive", "http", "mirror", "server", "webdav"])),
  forbid(["packages/stores/src/webdav/**"], engineOnly, storesKnow, places(["google-drive", "http", "mirror", "s3", "server"])),
  forbid(["packages/stores/src/server/**"], storesKnow, places(["google-drive", "http/(?!protocol)", "mirror", "s3", "webdav"])),
  forbid(["packages/react/src/**"], engineOnly, ["^(?!\\.|react$|@xmtp-backup/core$)", "react knows core and React only."]),
  forbid(["packages/vue/src/**"], engineOnly, ["^(?!\\.|vue$|@xmtp-backup/core$)", "vue knows core and Vue only."]),
  forbid(["packages/local-network/src/**"], ["^@xmtp-backup/", "local-network imports none of the others."], ["^@xmtp/", "local-network knows no SDK."]),
);
