import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { z } from 'zod';
import type { DocumentProblem } from '../model/errors.ts';
import { complaints, type Issue } from './issue.ts';
import { knownKeys } from './known-keys.ts';

// Each schema is used once or twice; to compile it first costs more time and memory than it saves.
z.config({ jitless: true });

export { z };

/** Steps from the top of a document: keys and list positions from 0. */
export type Path = readonly PropertyKey[];

/** A document that fits its schema, and a way to point into it. */
export interface Reading<T> {
  readonly value: T;
  /** A problem at the value under `path`, at the nearest place above it when it is not there; `key` points at the key itself. */
  readonly problemAt: (path: Path, message: string, side?: 'value' | 'key') => DocumentProblem;
}

export interface Rejection {
  readonly problems: readonly DocumentProblem[];
}

const MAX_CHARACTERS = 1024 * 1024;
const MAX_PROBLEMS = 20;
/** More mistakes than this are not put in order before the first are shown. */
const MAX_COMPLAINTS = 1000;

/** A document before it is held against a schema. */
export type Sheet = Reading<unknown>;

/**
 * Reads one YAML (or JSON) document. Every problem carries its line and column from 1. Refused: more than 1 MB, aliases and
 * tags, duplicate keys, a document that is no map.
 */
export function openDocument(file: string, text: string): Sheet | Rejection {
  const top = (message: string): Rejection => ({ problems: [{ file, line: 1, column: 1, message }] });
  if (text.length > MAX_CHARACTERS)
    return top('the file is larger than 1 MB; split it or take out what is not needed');
  const lines = new LineCounter();
  // The parser holds every key of a map against every other, which takes a minute for a megabyte of them.
  const how = { lineCounter: lines, prettyErrors: false, stringKeys: true, uniqueKeys: false };
  const document = withoutStacks(() => parseDocument(text, how));
  const problem = (offset: number, message: string): DocumentProblem => {
    const { line, col } = lines.linePos(Math.max(0, offset));
    return { file, line: Math.max(1, line), column: Math.max(1, col), message };
  };
  const damaged = text.indexOf('\uFFFD');
  const wrong = [
    ...(damaged < 0 ? [] : [problem(damaged, 'these bytes are no UTF-8; save the file as UTF-8')]),
    ...[...document.errors, ...document.warnings]
      .slice(0, MAX_PROBLEMS)
      .map((e) => problem(e.pos[0], yamlSentence(e))),
    ...keysGivenTwice(document).map(({ key, at }) =>
      problem(at, `key \`${key}\` is given twice; keep one of them`),
    ),
    ...keysOfNothing(document).map((at) =>
      problem(at, 'a key cannot be called `__proto__`; call it otherwise'),
    ),
    ...aliases(document).map((at) =>
      problem(at, 'aliases (`*name`) are not taken here; write the value out'),
    ),
  ];
  if (wrong.length) return { problems: inOrder(wrong) };
  const root = document.contents;
  if (!isMap(root)) return top('the document is not a map; begin it with lines of the form `key: value`');
  return {
    value: document.toJS(),
    problemAt: (path, message, side = 'value') => problem(offsetOf(root, path, side), message),
  };
}

/** Holds an open document against a schema. */
export function fitDocument<S extends z.ZodType>(
  { value: data, problemAt }: Sheet,
  schema: S,
): Reading<z.output<S>> | Rejection {
  const result = schema.safeParse(data);
  if (result.success) return { value: result.data, problemAt };
  const around = {
    valueAt: (path: Path) => valueAt(data, path),
    keysAt: keysOf(schema),
  };
  return {
    problems: inOrder(
      // zod's issues are a union of shapes that all fit the one that the sentences read.
      (result.error.issues as readonly Issue[])
        .slice(0, MAX_COMPLAINTS)
        .flatMap((issue) => complaints(issue, around))
        .map((c) => problemAt(c.path, c.message, c.onKey ? 'key' : 'value')),
    ),
  };
}

/** Reads one document and holds it against a schema. */
export function readDocument<S extends z.ZodType>(
  file: string,
  text: string,
  schema: S,
): Reading<z.output<S>> | Rejection {
  const sheet = openDocument(file, text);
  return 'problems' in sheet ? sheet : fitDocument(sheet, schema);
}

/** The keys that a schema knows at a path; what it takes to tell is made once, and only when a key is wrong. */
function keysOf(schema: z.ZodType): (path: Path) => string[] {
  let shape: object | undefined;
  return (path) => {
    shape ??= z.toJSONSchema(schema, { target: 'draft-7', io: 'input', unrepresentable: 'any' });
    return knownKeys(shape, path);
  };
}

/** From the top down, and no more than a person will read. */
export const inOrder = (problems: readonly DocumentProblem[]): DocumentProblem[] =>
  problems.toSorted((a, b) => a.line - b.line || a.column - b.column).slice(0, MAX_PROBLEMS);

function yamlSentence(error: { readonly code: string; readonly message: string }): string {
  if (error.code === 'MULTIPLE_DOCS') return 'a second document begins here; keep one of them';
  if (error.code === 'RESOURCE_EXHAUSTION')
    return 'lists and maps lie too deep inside each other; flatten them';
  const fault = error.message.replace(/\s+at line \d+[\s\S]*$/, '');
  return `this is not YAML: ${fault.charAt(0).toLowerCase()}${fault.slice(1)}; correct it here or in the line above`;
}

function keysGivenTwice(document: ReturnType<typeof parseDocument>): { key: string; at: number }[] {
  const found: { key: string; at: number }[] = [];
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<string>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        if (seen.has(name)) found.push({ key: name, at: startOf(key) ?? 0 });
        seen.add(name);
      }
    },
  });
  return found;
}

function aliases(document: ReturnType<typeof parseDocument>): number[] {
  const found: number[] = [];
  visit(document, { Alias: (_, node) => void found.push(node.range?.[0] ?? 0) });
  return found;
}

/** What JavaScript takes for something else than a key, and so nobody would read. */
function keysOfNothing(document: ReturnType<typeof parseDocument>): number[] {
  const found: number[] = [];
  visit(document, {
    Pair(_, { key }) {
      if (isScalar(key) && key.value === '__proto__') found.push(startOf(key) ?? 0);
    },
  });
  return found;
}

/** A mistake of a file needs no stack; to make one for each of a million takes longer than to read it. */
function withoutStacks<T>(read: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return read();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

const startOf = (node: unknown): number | undefined =>
  // Every parsed node has a range; the type allows nodes that were built by hand.
  (node as Node | null)?.range?.[0];

function offsetOf(root: Node, path: Path, side: 'value' | 'key'): number {
  let node: unknown = root;
  let offset = startOf(root) ?? 0;
  for (const [depth, step] of path.entries()) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (!pair) break;
      node = pair.value;
      const keyAt = startOf(pair.key);
      offset = (depth === path.length - 1 && side === 'key' ? keyAt : (startOf(node) ?? keyAt)) ?? offset;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = startOf(node) ?? offset;
    } else break;
  }
  return offset;
}

const valueAt = (data: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (here, step) =>
      typeof here === 'object' && here !== null && Object.hasOwn(here, step)
        ? // The step was just found to be a key of its own.
          (here as Record<PropertyKey, unknown>)[step]
        : undefined,
    data,
  );

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const spanForm = { error: 'this is no time span; write one like `500ms`, `2s`, `10m`, `1h` or `400d`' };

/** `2s`, `500ms`, `10m`, `400d`: a time span, read as milliseconds. */
export const duration = z
  .string(spanForm)
  .regex(/^\d+(\.\d+)?(ms|s|m|h|d)$/, spanForm)
  .transform((text) => {
    const unit = text.replace(/[\d.]+/, '');
    return Math.round(Number.parseFloat(text) * unitMs[isUnit(unit) ? unit : 'ms']);
  });

const isUnit = (unit: string): unit is keyof typeof unitMs => unit in unitMs;
