import { behaviours } from "../../../test/bindings/behaviours.ts";
import { testInBrowser } from "../../../test/bindings/testInBrowser.ts";
import { vueBehaviours } from "../test-support/vueBehaviours.ts";

testInBrowser("Vue 3 in Chromium", {
  entry: new URL("../test-support/page.ts", import.meta.url),
  names: Object.keys({ ...behaviours, ...vueBehaviours }),
  version: "3",
});
