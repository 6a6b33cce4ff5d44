import eslint from "@eslint/js";
import vue from "eslint-plugin-vue";
import importX from "eslint-plugin-import-x";
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

/** Each place is an entry of its own: an app that uses one loads nothing of another. What runs in apps knows nothing of the server. */
const places = (names) => [
  `^(\\.\\./)+(${names.map((name) => (name.includes("/") ? name : `${name}/`)).join("|")})`,
  "Each place of stores stands alone; what they share lies beside them.",
];
const runsOneWay = "Imports run one way: see docs/architecture.md.";
/** Folders that must not be imported. */
const rooms = (names) => [`^\\.\\./(${names.join("|")})/`, runsOneWay];
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

/** The folders of core, in the order in which they may import: each knows those before it, and none after it. */
const folders = [
  "errors",
  "ports",
  "time",
  "logging",
  "tasks",
  "archives",
  "retention",
  "imported",
  "activation",
  "backup",
  "restore",
  "upkeep",
  "policy",
];
const inCore = (files) => [].concat(files).map((file) => `packages/core/src/${file}`);
const sourceFile = "[a-zA-Z]+\\.ts$";
const noRx = ["^rxjs", "Only what apps observe uses RxJS: tasks, activation, the policy's runner, createBackups and sharing."];
const noXState = ["^xstate", "Effects are plain asynchronous functions; machines and what runs them use XState."];
/** Where streams that apps see are made. */
const observed = ["tasks", "activation", "policy"];
const running = ["logging", "ports", ...observed, "backup", "restore"];

const core = [
  forbid(inCore("*.ts"), engineOnly, ["^\\./(sharing|texts|sdk)/", runsOneWay]),
  forbid(inCore(["index.ts"]), engineOnly),
  forbid(inCore("sharing/**"), engineOnly, ["^\\.\\./(texts|sdk)/", runsOneWay], noXState),
  // What hosts share is an entry of its own: core knows nothing of it.
  forbid(inCore("sdk/**"), engineOnly, ["^\\.\\./(?!errors/|ports/|time/)", runsOneWay], noRx, noXState),
  ...folders.flatMap((folder, index) => {
    const later = [...folders.slice(index + 1), "sharing", "texts", "sdk"].join("|");
    const before = [`^(\\.\\./)+((${later})/|${sourceFile})`, runsOneWay];
    const beside = [`^\\.\\./((${later})/|${sourceFile})`, runsOneWay];
    const libraries = [...(observed.includes(folder) ? [] : [noRx]), ...(running.includes(folder) ? [] : [noXState])];
    return [
      forbid(inCore(`${folder}/*.ts`), engineOnly, beside, ...libraries),
      forbid(
        inCore(`${folder}/rules/*.ts`),
        engineOnly,
        before,
        ["^(\\.\\./)+(tasks|logging)/", "Rules know no task."],
        ["^(rxjs|xstate)", "Rules are pure functions."],
      ),
      forbid(
        inCore(`${folder}/*Machine.ts`),
        engineOnly,
        beside,
        ["^\\.\\./ports/(?!archiveId)", "Machines know no port."],
        ["^\\.\\./time/(systemClock|createSteadyTime)", "Machines know no clock."],
        noRx,
      ),
    ];
  }),
  forbid(inCore("texts/**"), engineOnly, ["^(rxjs|xstate)", "Texts are pure functions."]),
  {
    files: inCore("texts/**"),
    ignores: ["**/*.test.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: `^(\\.\\./)+(${folders.join("|")}|sharing)/`,
              allowTypeImports: true,
              message: "Texts know the types of states, and no code.",
            },
          ],
        },
      ],
    },
  },
  // Rules are pure: what depends on time or chance takes it as a parameter.
  {
    files: inCore("*/rules/*.ts"),
    ignores: ["**/*.test.ts"],
    rules: {
      "no-restricted-globals": ["error", "crypto", "setTimeout", "setInterval", "queueMicrotask", "console"],
      "no-restricted-properties": ["error", { object: "Date", property: "now" }, { object: "Math", property: "random" }],
      "no-restricted-syntax": [
        "error",
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: "A time comes in as a parameter." },
        { selector: "TSEnumDeclaration", message: "No enums of our own: use a union of strings." },
      ],
    },
  },
];

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
  // A file that imports itself, by way of others. Types count too: test/imports.test.ts looks at them and at folders.
  {
    files: ["packages/*/src/**/*.ts", "packages/*/src/**/*.tsx"],
    plugins: { "import-x": importX },
    settings: {
      "import-x/extensions": [".ts", ".tsx"],
      "import-x/parsers": { "@typescript-eslint/parser": [".ts", ".tsx"] },
      "import-x/resolver": { node: { extensions: [".ts", ".tsx"] } },
    },
    rules: { "import-x/no-cycle": ["error", { ignoreExternal: true }] },
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
  { files: ["packages/core/src/**/*Machine.ts"], rules: { "@typescript-eslint/no-unnecessary-type-assertion": "off" } },
  { files: ["packages/core/src/ports/**"], rules: { "@typescript-eslint/consistent-type-definitions": "off" } },
  { files: ["**/*.js", "**/*.mjs"], languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly" } } },
  {
    files: ["test/bundlers/main.js"],
    languageOptions: {
      globals: {
        URLSearchParams: "readonly",
        location: "readonly",
        document: "readonly",
        crossOriginIsolated: "readonly",
        FileSystemFileHandle: "readonly",
      },
    },
  },
  forbid(["packages/archive/src/**"], engineOnly, ["^@xmtp-backup/", "archive imports no other package of ours."]),
  ...core,
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
    {
      files: [],
      device: [],
      state: ["files"],
      store: ["files", "device", "state"],
      keys: ["state"],
      host: ["device", "state"],
      tabs: ["device", "host"],
    },
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
  forbid(
    ["packages/local-network/src/**"],
    ["^@xmtp-backup/", "local-network imports none of the others."],
    ["^@xmtp/", "local-network knows no SDK."],
  ),
);
