export { nodePrimitives } from "../../node/src/nodePrimitives.ts";
