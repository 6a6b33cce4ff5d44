export { nodePrimitives } from "../../node/src/host/nodePrimitives.ts";
