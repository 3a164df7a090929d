// Changes a YAML file as a person would: what differs is written, everything else stays, comments too.
import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';

/** Plain data; a key that is undefined is taken away, one that is not named stays. */
export type Wanted = { readonly [key: string]: unknown };

/** True when an entry of a list, as it stands in the file, is the one that is wanted in its place. */
export type SameEntry = (stands: Wanted, wanted: Wanted) => boolean;

const isPlain = (value: unknown): value is Wanted =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const hasComment = (node: unknown): node is Node =>
  typeof node === 'object' && node !== null && ('comment' in node || 'commentBefore' in node);

/** Every comment in and at a node, from the top down. */
function commentsOf(...nodes: readonly unknown[]): string[] {
  const found: string[] = [];
  for (const node of nodes) {
    if (!hasComment(node)) continue;
    visit(node, (_, one) => {
      if (hasComment(one)) found.push(...[one.commentBefore, one.comment].flatMap((text) => text ?? []));
    });
  }
  return found;
}

class Writer {
  readonly #document: Document;
  readonly #sameEntry: SameEntry;

  constructor(document: Document, sameEntry: SameEntry) {
    this.#document = document;
    this.#sameEntry = sameEntry;
  }

  #valueOf(node: unknown): unknown {
    return isMap(node) || isSeq(node) || isScalar(node) ? node.toJS(this.#document) : node;
  }

  /** Comments of what goes away stand behind what remains: nobody's words are lost. */
  #rescue(into: Node, ...gone: readonly unknown[]): void {
    const saved = commentsOf(...gone);
    if (saved.length) into.comment = [...(into.comment ? [into.comment] : []), ...saved].join('\n');
  }

  #made(value: unknown, isInFlow: boolean): Node {
    const node = this.#document.createNode(value);
    if ((isMap(node) || isSeq(node)) && isInFlow) node.flow = true;
    // Addresses and ports are quoted: older readers of YAML take some of them for numbers to the base of 60.
    visit(node, {
      Scalar(_, scalar) {
        if (String(scalar.value).includes(':')) scalar.type = 'QUOTE_DOUBLE';
      },
    });
    return node;
  }

  layMap(map: YAMLMap, wanted: Wanted): void {
    for (const [key, value] of Object.entries(wanted)) {
      const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key);
      if (value === undefined) {
        if (!pair) continue;
        map.items.splice(map.items.indexOf(pair), 1);
        this.#rescue(map, pair.key, pair.value);
      } else if (pair) pair.value = this.#laid(pair.value, value, map);
      else {
        map.add(this.#document.createPair(key, this.#made(value, map.flow ?? isPlain(value))));
      }
    }
  }

  #laid(node: unknown, value: unknown, parent: YAMLMap): unknown {
    if (isSame(this.#valueOf(node), value)) return node;
    if (isMap(node) && isPlain(value)) {
      this.layMap(node, value);
      return node;
    }
    if (isSeq(node) && Array.isArray(value)) {
      this.#laySeq(node, value);
      return node;
    }
    if (isScalar(node) && !isPlain(value) && !Array.isArray(value)) {
      node.value = value;
      return node;
    }
    const made = this.#made(value, parent.flow ?? false);
    this.#rescue(made, node);
    return made;
  }

  #laySeq(seq: YAMLSeq, values: readonly unknown[]): void {
    const left = [...seq.items];
    if (left.length === 0) seq.flow = values.every((value) => !isPlain(value));
    const take = (value: unknown): Node | undefined => {
      const at = left.findIndex((item) => {
        const stands = this.#valueOf(item);
        return isPlain(value) && isPlain(stands) ? this.#sameEntry(stands, value) : isSame(stands, value);
      });
      // Items of a parsed list are nodes.
      return at < 0 ? undefined : (left.splice(at, 1)[0] as Node);
    };
    seq.items = values.map((value) => {
      const found = take(value);
      if (isMap(found) && isPlain(value)) this.layMap(found, value);
      return found ?? this.#made(value, true);
    });
    this.#rescue(seq, ...left);
  }
}

/** `[ a ]` as `[a]`: the writer of the library pads lists as it pads maps. */
function unpadded(text: string): string {
  const cuts: number[] = [];
  visit(parseDocument(text), {
    Seq(_, { flow, range }) {
      if (!flow || !range) return;
      const [start, end] = range;
      if (text[start + 1] === ' ') cuts.push(start + 1);
      if (text[end - 2] === ' ' && text[end - 3] !== ' ') cuts.push(end - 2);
    },
  });
  return [...text].length === text.length
    ? cuts.toSorted((a, b) => b - a).reduce((now, at) => now.slice(0, at) + now.slice(at + 1), text)
    : text;
}

/**
 * Lays what is wanted over a YAML map. Keys and entries that are not named stay as they are, and so does every comment. The text
 * itself where nothing differs. It must be one that `openDocument` takes.
 */
export function rewritten(text: string, wanted: Wanted, sameEntry: SameEntry): string {
  const document = parseDocument(text, { stringKeys: true });
  const root = document.contents;
  if (!isMap(root)) throw new TypeError('only a map can be laid over');
  const before = document.toJS();
  new Writer(document, sameEntry).layMap(root, wanted);
  if (isSame(document.toJS(), before)) return text;
  const isPadded = !/\{[^\s}]/.test(text.replace(/"[^"]*"|'[^']*'|#.*$/gm, ''));
  const whole = document.toString({ lineWidth: 0, flowCollectionPadding: isPadded });
  return isPadded ? unpadded(whole) : whole;
}
