import { describe, expect, it } from "vitest";
import { davStore, usingApache } from "./webdav/usingApache.ts";

const apache = usingApache();
const [archive, manifest] = [new Blob([new Uint8Array(700_000).fill(7)]), new TextEncoder().encode("{}")];

type Front = {
  /** The address that the app knows. */
  outer: string;
  /** The same at the server. */
  inner: string;
  /** Answers in the server's place, or not. */
  answer?: (method: string, destination: string) => number | undefined;
};

/** What stands before a server, and passes `Destination` on as it is; notes what was asked with it. */
function behind({ outer, inner, answer = () => undefined }: Front) {
  const asked: string[] = [];
  const send: typeof fetch = async (input, init) => {
    const url = new Request(input).url;
    const [method, destination] = [init?.method ?? "GET", new Headers(init?.headers).get("destination") ?? ""];
    const own = answer(method, destination);
    const response = own === undefined ? await fetch(url.replace(outer, inner), init) : new Response(null, { status: own });
    if (destination !== "") asked.push(`${method} ${response.status} ${destination.replace(/\/[^/]*$/, "")}`);
    return response;
  };
  return { send, asked };
}

/** Stores an archive with a manifest, replaces the manifest, and finds both as they were put. */
async function keepsOne(store: ReturnType<typeof davStore>): Promise<void> {
  const id = crypto.randomUUID();
  await store.open();
  await store.put(id, archive);
  await store.putManifest(id, new TextEncoder().encode("[1, 2, 3]"));
  await store.putManifest(id, manifest);
  expect((await store.get(id)).size).toBe(archive.size);
  const listed: string[] = [];
  for await (const each of store.list()) listed.push(`${each.id} ${new TextDecoder().decode(each.manifest)}`);
  expect(listed).toEqual([`${id} {}`]);
  expect(await store.unfinished()).toEqual([]);
}

const folder = () => `/${crypto.randomUUID()}`;

describe("webdavStore behind a proxy", () => {
  it("behavior: TLS ends before the server: the destination is given in the server's scheme, and at once from then on", async (context) => {
    const path = folder();
    const { send, asked } = behind({ outer: "https://cloud.example.com", inner: apache(context).url });
    await keepsOne(davStore(`https://cloud.example.com${path}`, { fetch: send }));
    expect(asked).toEqual(
      [
        `MOVE 502 https://cloud.example.com${path}`,
        `MOVE 400 ${path}`,
        ...Array.from({ length: 3 }, () => `MOVE 201 http://cloud.example.com${path}`),
      ].map((each, index) => (index === 4 ? each.replace("201", "204") : each)),
    );
  });

  it("behavior: the server knows the folder by another path: it is listed, and files get their names, by that path", async (context) => {
    const path = folder();
    const { send } = behind({ outer: "https://cloud.example.com/dav/of/alice", inner: apache(context).url });
    await keepsOne(davStore(`https://cloud.example.com/dav/of/alice${path}`, { fetch: send }));
  });

  it.for<[string, (url: string, path: string) => (destination: string) => number | undefined]>([
    ["a path alone", (_url, path) => (destination) => (destination.startsWith(path) ? undefined : 400)],
    ["its own address", (url) => (destination) => (destination.startsWith(url) ? undefined : 409)],
    ["the other scheme, and is missing the rest", () => (destination) => (destination.startsWith("http://") ? undefined : 403)],
  ])("behavior: a server that takes as destination %s", async ([, refusing], context) => {
    const [{ url }, path] = [apache(context), folder()];
    // Apache takes no path: what stands before it makes an address of one.
    const send: typeof fetch = async (input, init) => {
      const headers = new Headers(init?.headers);
      const destination = headers.get("destination");
      if (destination !== null) {
        const status = refusing(url, path)(destination);
        if (status !== undefined) return new Response(null, { status });
        headers.set("destination", new URL(destination, url).href.replace("https:", "http:"));
      }
      const response = await fetch(new Request(input).url.replace("https://cloud.example.com", url), { ...init, headers });
      return init?.method === "PROPFIND"
        ? new Response((await response.text()).replaceAll(/(<\w+:href>)\//g, `$1${url}/`), response)
        : response;
    };
    await keepsOne(davStore(`https://cloud.example.com${path}`, { fetch: send }));
  });

  it.for([[502], [400]])(
    "behavior: every destination is refused with %i: the cause is said at once, and nothing is lost",
    async ([status], context) => {
      const { url } = apache(context);
      const store = davStore(url + folder(), { retries: 5 });
      await keepsOne(store);
      const { send, asked } = behind({ outer: url, inner: url, answer: (method) => (method === "MOVE" ? status : undefined) });
      const path = folder();
      await davStore(url + path).open();
      await expect(davStore(url + path, { retries: 5, fetch: send }).put(crypto.randomUUID(), archive)).rejects.toMatchObject({
        code: "STORE_MOVE_REFUSED",
        retryable: false,
        details: expect.stringContaining(String(status)) as string,
      });
      expect(asked).toHaveLength(6);
    },
  );

  it("behavior: a proxy that reaches no server is tried again, and refuses no destination", async (context) => {
    const { url } = apache(context);
    let refusals = 0;
    const { send } = behind({
      outer: url,
      inner: url,
      answer: (method) => {
        if (method === "MOVE" || refusals > 0) refusals += 1;
        return refusals > 0 ? 502 : undefined;
      },
    });
    const store = davStore(url + folder(), { fetch: send });
    await store.open();
    await expect(store.put(crypto.randomUUID(), archive)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", retryable: true });
    expect(refusals).toBeGreaterThan(3);
  });

  it("behavior: a folder where nothing may be moved is denied", async (context) => {
    const { url } = apache(context);
    const { send } = behind({ outer: url, inner: url, answer: (method) => (method === "MOVE" ? 403 : undefined) });
    const store = davStore(url + folder(), { fetch: send });
    await store.open();
    await expect(store.put(crypto.randomUUID(), archive)).rejects.toMatchObject({ code: "STORE_DENIED" });
  });

  it.for<[string, string[], number]>([
    ["MOVE", ["MOVE"], 405],
    ["MOVE (501)", ["MOVE"], 501],
    ["MOVE and COPY", ["MOVE", "COPY"], 405],
    ["MOVE and COPY (501)", ["MOVE", "COPY"], 501],
  ])("behavior: a server without %s", async ([, methods, status], context) => {
    const { url } = apache(context);
    const { send, asked } = behind({ outer: url, inner: url, answer: (method) => (methods.includes(method) ? status : undefined) });
    await keepsOne(davStore(url + folder(), { fetch: send }));
    expect(asked.filter((each) => each.startsWith("MOVE"))).toHaveLength(1);
  });

  it("behavior: a file is moved for longer than a proxy waits: it is moved once, and taken when it is there", async (context) => {
    const { url } = apache(context);
    let answers = 0;
    const slow: typeof fetch = async (input, init) => {
      if (init?.method !== "MOVE") return fetch(input, init);
      answers += 1;
      if (answers === 12) await fetch(input, init);
      return new Response(null, { status: answers % 12 === 1 || answers % 12 === 0 ? 504 : 423 });
    };
    const [path, id] = [folder(), crypto.randomUUID()];
    const store = davStore(url + path, { fetch: slow });
    await store.open();
    await store.put(id, archive);
    expect((await store.get(id)).size).toBe(archive.size);
    expect(answers).toBe(12);
  });

  it("behavior: a server that moves a file elsewhere is found out", async (context) => {
    const { url } = apache(context);
    const [path, other] = [folder(), folder()];
    for (const each of [path, other]) await davStore(url + each).open();
    const misled: typeof fetch = (input, init) => {
      const headers = new Headers(init?.headers);
      const destination = headers.get("destination");
      if (destination !== null) headers.set("destination", destination.replace(path, other));
      return fetch(input, { ...init, headers });
    };
    await expect(davStore(url + path, { fetch: misled, retries: 0 }).put(crypto.randomUUID(), archive)).rejects.toMatchObject({
      code: "STORE_MOVE_REFUSED",
    });
  });
});
