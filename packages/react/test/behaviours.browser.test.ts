import { behaviours } from "../../../test/bindings/behaviours.ts";
import { testInBrowser } from "../../../test/bindings/testInBrowser.ts";
import { reactBehaviours } from "../test-support/reactBehaviours.ts";

const page = { entry: new URL("../test-support/page.ts", import.meta.url), names: Object.keys({ ...behaviours, ...reactBehaviours }) };

testInBrowser("React 19 in Chromium", { ...page, version: "19" });
testInBrowser("React 18 in Chromium", { ...page, version: "18", alias: { react: "react18", "react-dom": "react-dom18" } });
