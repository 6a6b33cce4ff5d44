import { SaxesParser } from "saxes";

/** An element: its text, and its children by their names; always as lists, since one and several look alike in XML. */
export type XmlElement = { text: string; children: Map<string, XmlElement[]> };

export type XmlOptions = {
  /**
   * The namespace whose elements are known by their local names; others have theirs before it. @default every element is known by its
   * local name
   */
  namespace?: string;
  /** Is given each child of the root of this name once it has ended; the root does not keep it. */
  each?: { name: string; take: (child: XmlElement) => void };
};

/** What was read: the root element and its name. */
export type XmlRoot = { name: string; element: XmlElement };

/** No answer of a protocol is nested deeper. */
const deepest = 64;

/**
 * Takes XML piece by piece, as it comes. Throws at the first piece that is no XML, or that declares what could be expanded without an
 * end.
 */
export function elementReader({ namespace, each }: XmlOptions = {}): { write(text: string): void; end(): XmlRoot } {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const open: XmlRoot[] = [];
  let root: XmlRoot | undefined;
  let isBegun = false;

  const addText = (text: string) => {
    const inner = open.at(-1);
    if (inner) inner.element.text += text;
  };
  parser.on("doctype", () => {
    throw new Error("It declares a document type.");
  });
  parser.on("opentag", ({ local, uri }) => {
    if (open.length === deepest) throw new Error("It is nested too deep.");
    const name = namespace === undefined || uri === namespace || uri === "" ? local : `${uri} ${local}`;
    open.push({ name, element: { text: "", children: new Map() } });
  });
  parser.on("text", addText);
  parser.on("cdata", addText);
  parser.on("closetag", () => {
    const ended = open.pop();
    const parent = open.at(-1);
    if (!ended) return;
    if (!parent) root = ended;
    else if (open.length === 1 && ended.name === each?.name) each.take(ended.element);
    else addChild(parent.element, ended);
  });

  return {
    write(text) {
      // Servers send spaces while they work, some of them before the XML begins.
      const piece = isBegun ? text : text.trimStart();
      if (piece === "") return;
      isBegun = true;
      parser.write(piece);
    },
    end() {
      parser.close();
      if (!root) throw new Error("It holds no element.");
      return root;
    },
  };
}

function addChild({ children }: XmlElement, { name, element }: XmlRoot): void {
  const same = children.get(name);
  if (same) same.push(element);
  else children.set(name, [element]);
}
