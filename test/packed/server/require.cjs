// A server in CommonJS, which requires each entry of the packed packages.
const assert = require("node:assert/strict");

for (const specifier of require("./entries.json")) assert.notEqual(Object.keys(require(specifier)).length, 0, `${specifier} exports nothing`);
