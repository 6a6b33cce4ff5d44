import { describe, expect, it } from "vitest";
import { s3Store } from "../src/s3/index.ts";
import { createTransport } from "../src/transport/transport.ts";
import { webdavStore } from "../src/webdav/index.ts";
import { elementReader, type XmlOptions } from "../src/xml/elementReader.ts";
import { childrenOf, parseXml, readXml, textOf, wordAt } from "../src/xml/xml.ts";

/** Reads XML that comes in pieces of so many characters. */
function readIn(pieceChars: number, text: string, options: XmlOptions = {}) {
  const reader = elementReader(options);
  for (let at = 0; at < text.length; at += pieceChars) reader.write(text.slice(at, at + pieceChars));
  return reader.end();
}

const sent = (body: string | Uint8Array<ArrayBuffer>, root: string, options?: XmlOptions, maxBytes = 1_000_000) =>
  createTransport("https://example.com", { retries: 0, fetch: async () => new Response(body) }).send(
    { method: "GET", url: "x", failure: "It failed." },
    (reading) => readXml(reading, maxBytes, root, options),
  );

describe("parseXml", () => {
  it("default: text, entities of every kind, and what stands as it is", () => {
    const root = parseXml(`<a><b>1 &lt;&gt;&amp;&quot;&apos; &#43;&#x2F;&#x1F600;&#10;</b><b><![CDATA[<&#43;>]]>2</b><c/></a>`)?.element;
    expect(root && childrenOf(root, "b").map(({ text }) => text)).toEqual(["1 <>&\"' +/\u{1F600}\n", "<&#43;>2"]);
    expect([textOf(root, "c"), textOf(root, "d"), textOf(undefined, "a")]).toEqual(["", "", ""]);
  });

  it("behavior: names that objects have of their own are names", () => {
    const root = parseXml("<constructor><__proto__>1</__proto__><toString>2</toString></constructor>");
    expect([root?.name, textOf(root?.element, "__proto__"), textOf(root?.element, "toString"), textOf(root?.element, "valueOf")]).toEqual([
      "constructor",
      "1",
      "2",
      "",
    ]);
  });

  it.each<[string, string]>([
    ["a document type", `<!DOCTYPE a><a/>`],
    ["entities of its own", `<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`],
    ["entities that multiply", `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>`],
    ["an entity of elsewhere", `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`],
    ["an entity that nobody knows", "<a>&nbsp;</a>"],
    ["a number that is no character", "<a>&#0;</a>"],
    ["half of a character", "<a>&#xD800;</a>"],
    ["a number beyond all characters", "<a>&#x110000;</a>"],
    ["a number without digits", "<a>&#;</a>"],
    ["a control character", "<a>\u0001</a>"],
    ["an element without an end", "<a><b></a>"],
    ["two roots", "<a/><b/>"],
    ["a prefix of no namespace", "<x:a/>"],
    ["an attribute twice", `<a b="1" b="2"/>`],
    ["depth without an end", "<a>".repeat(10_000)],
    ["nothing", ""],
    ["JSON", "{}"],
  ])("behavior: %s is no XML of ours", (_title, text) => {
    expect(parseXml(text)).toBeUndefined();
    expect(() => readIn(1, text)).toThrow();
  });
});

describe("elementReader", () => {
  const listing = `\n <?xml version="1.0"?>\r\n<list><item><name>a&#43;b</name></item>\n<item><name>c&amp;d\u{1F600}</name></item><end>1</end></list>\n`;

  it.each([1, 2, 3, 7, 1_000])("default: pieces of %i characters are read as the whole is", (pieceChars) => {
    const root = readIn(pieceChars, listing);
    expect([root.name, childrenOf(root.element, "item").map((item) => textOf(item, "name")), wordAt(root.element, "end")]).toEqual([
      "list",
      ["a+b", "c&d\u{1F600}"],
      "1",
    ]);
  });

  it("parameters: each: takes children one by one, which the root does not keep", () => {
    const names: string[] = [];
    const { element } = readIn(5, listing, { each: { name: "item", take: (item) => names.push(textOf(item, "name")) } });
    expect([names, childrenOf(element, "item"), textOf(element, "end")]).toEqual([["a+b", "c&d\u{1F600}"], [], "1"]);
  });

  it.each([
    ["another prefix", `<x:a xmlns:x="DAV:"><x:b>1</x:b></x:a>`],
    ["a default namespace", `<a xmlns="DAV:"><b>1</b></a>`],
    [
      "a prefix that changes its meaning",
      `<x:a xmlns:x="DAV:"><y xmlns="urn:other"><x:b xmlns:x="urn:other">0</x:b></y><y:b xmlns:y="DAV:">1</y:b></x:a>`,
    ],
    ["another element of the same name", `<a xmlns="DAV:"><o:b xmlns:o="urn:other">0</o:b><b>1</b></a>`],
    ["no namespace", "<a><b>1</b></a>"],
  ])("parameters: namespace: %s", (_title, text) => {
    const root = readIn(4, text, { namespace: "DAV:" });
    expect([root.name, childrenOf(root.element, "b").map((each) => each.text)]).toEqual(["a", ["1"]]);
  });
});

describe("readXml", () => {
  it("behavior: a character that comes in two pieces is one", async () => {
    const text = `<a>${"é".repeat(70_000)}</a>`;
    expect((await sent(new TextEncoder().encode(text), "a")).text).toBe("é".repeat(70_000));
  });

  it.each([
    ["another root", "<b/>"],
    ["no XML", "{}"],
    ["a page that breaks off", "<a><b>"],
  ])("behavior: %s is refused", async (_title, body) => {
    await expect(sent(body, "a")).rejects.toMatchObject({ code: "STORE_FAILED" });
  });

  it("behavior: more than maxBytes is refused", async () => {
    await expect(sent(`<a>${"x".repeat(2_000)}</a>`, "a", {}, 1_000)).rejects.toMatchObject({
      code: "STORE_FAILED",
      details: "It sent more than 1000 bytes.",
    });
  });

  it("behavior: a long answer gives others their turn, again and again", async () => {
    const items = `<item><name>${"x".repeat(990)}</name></item>`.repeat(4_000);
    let [count, turns, isOver] = [0, 0, false];
    const turn = () => {
      turns += 1;
      if (!isOver) setImmediate(turn);
    };
    setImmediate(turn);
    await sent(`<list>${items}</list>`, "list", { each: { name: "item", take: () => (count += 1) } }, 8_000_000);
    isOver = true;
    expect(count).toBe(4_000);
    expect(turns).toBeGreaterThan(50);
  });
});

describe("stores, and what XML writes by numbers", () => {
  const id = crypto.randomUUID();
  const byNumber = (text: string) =>
    [...text].map((char, index) => (index % 2 === 0 ? `&#${char.codePointAt(0)};` : `&#x${char.codePointAt(0)?.toString(16)};`)).join("");

  it("behavior: s3Store: keys, tokens, markers and upload ids", async () => {
    const asked: string[] = [];
    const token = "1/a+b==&c d";
    const answers: typeof fetch = async (input, init) => {
      const { searchParams, pathname } = new URL(new Request(input).url);
      if (init?.method === "DELETE") asked.push(searchParams.get("uploadId") ?? decodeURIComponent(pathname));
      if (searchParams.has("list-type")) {
        asked.push(`token ${searchParams.get("continuation-token")}`);
        const isFirst = !searchParams.has("continuation-token");
        return new Response(
          `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>${isFirst}</IsTruncated><NextContinuationToken>${byNumber(token)}</NextContinuationToken><Contents><Key>${byNumber(`p/${isFirst ? id : crypto.randomUUID()}.xmtp`)}</Key></Contents></ListBucketResult>`,
        );
      }
      if (!searchParams.has("uploads")) return new Response(null, { status: init?.method === "DELETE" ? 204 : 404 });
      const isFirst = !searchParams.has("key-marker");
      asked.push(`markers ${searchParams.get("key-marker")} ${searchParams.get("upload-id-marker")}`);
      return new Response(
        `<ListMultipartUploadsResult><IsTruncated>${isFirst}</IsTruncated><NextKeyMarker>${byNumber("p/x ")}</NextKeyMarker><NextUploadIdMarker>${byNumber(token)}</NextUploadIdMarker>${isFirst ? "" : `<Upload><Key>${byNumber(`p/${id}.xmtp`)}</Key><UploadId>${byNumber(token)}</UploadId></Upload>`}</ListMultipartUploadsResult>`,
      );
    };
    const store = s3Store({
      url: "https://bucket.example.com",
      prefix: "p/",
      retries: 0,
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
      fetch: answers,
    });
    expect((await store.unfinished()).map((each) => each.id)).toContain(id);
    expect(asked.splice(0)).toEqual(["token null", `token ${token}`, "markers null null", `markers p/x  ${token}`]);
    await store.remove(id);
    expect(asked.filter((each) => each === token)).toHaveLength(1);
  });

  it("behavior: webdavStore: names and times", async () => {
    const propfind: typeof fetch = async () =>
      new Response(
        `<multistatus xmlns="DAV:"><response><href>\n ${byNumber(`/files/${id}.xmtp`)} \n</href><propstat><prop><resourcetype/><getlastmodified>${byNumber("Thu, 01 Jan 2026 00:00:00 GMT")}</getlastmodified></prop><status>${byNumber("HTTP/1.1 200 OK")}</status></propstat></response></multistatus>`,
        { status: 207, headers: { date: "Thu, 01 Jan 2026 00:00:05 GMT" } },
      );
    expect(await webdavStore({ url: "https://cloud.example.com/files", fetch: propfind }).unfinished()).toEqual([{ id, ageMs: 5_000 }]);
  });
});
