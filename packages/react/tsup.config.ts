import base from "../../tsup.config.base.ts";

/** The tree shaker would drop the directive that frameworks with server components read. */
export default { ...base, treeshake: false, banner: { js: '"use client";' } };
