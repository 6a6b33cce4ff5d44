import type { Plugin } from "vite";
import type { World } from "../page/world.ts";
import type { Bob } from "./bob.ts";

/** Tells the page where the network is and who Bob is, and lets it ask Bob to do something. */
export function worldPlugin(networkUrl: string, bob: Bob): Plugin {
  const world: World = { networkUrl, bobInboxId: bob.inboxId };
  const requests = { write: bob.writeEverywhere, whisper: bob.whisper, "take-back": bob.takeBack, introduce: bob.introduce };
  return {
    name: "example-world",
    configureServer({ middlewares }) {
      middlewares.use("/example/world", (_request, response) => {
        response.setHeader("content-type", "application/json").end(JSON.stringify(world));
      });
      for (const [name, act] of Object.entries(requests)) {
        middlewares.use(`/example/bob/${name}`, (request, response, next) => {
          if (request.method !== "POST") return next();
          act().then(() => response.writeHead(204).end(), next);
        });
      }
    },
  };
}
