import base from "../../tsup.config.base.ts";

export default {
  ...base,
  entry: {
    "google-drive": "src/google-drive/index.ts",
    http: "src/http/index.ts",
    mirror: "src/mirror/index.ts",
    s3: "src/s3/index.ts",
    server: "src/server/index.ts",
    webdav: "src/webdav/index.ts",
  },
};
