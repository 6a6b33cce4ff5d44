import base from "../../tsup.config.base.ts";

export default { ...base, entry: { http: "src/http/index.ts", server: "src/server/index.ts" } };
