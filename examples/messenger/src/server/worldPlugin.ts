import type { Plugin } from "vite";
import type { World } from "../page/world.ts";
import type { Bob } from "./bob.ts";

/** Tells the page where the network is and who Bob is, and lets it ask Bob to write. */
export function worldPlugin(networkUrl: string, bob: Bob): Plugin {
  const world: World = { networkUrl, bobInboxId: bob.inboxId };
  return {
    name: "example-world",
    configureServer({ middlewares }) {
      middlewares.use("/example/world", (_request, response) => {
        response.setHeader("content-type", "application/json").end(JSON.stringify(world));
      });
      middlewares.use("/example/bob/write", (request, response, next) => {
        if (request.method !== "POST") return next();
        bob.writeEverywhere().then(() => response.writeHead(204).end(), next);
      });
    },
  };
}
