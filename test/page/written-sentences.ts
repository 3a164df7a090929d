// The sentences as they are written in the sources: each with its holes, so that one that is written otherwise from now on is
// found out.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'vite';

const root = join(import.meta.dirname, '../..');

/** What stands in a hole until it is filled. */
export const HOLE = '\u0001';

export interface Written {
  readonly file: string;
  /** With `HOLE` where a value goes. */
  readonly text: string;
}

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;
const nodesIn = (value: unknown): readonly Node[] => (Array.isArray(value) ? value.filter(isNode) : []);

function quasiText(quasi: Node | undefined): string {
  const value = quasi?.value;
  return isNode(value) && typeof value.cooked === 'string' ? value.cooked : '';
}

/** All that the expression may come to, as far as it is written down: a text, a template, one of two. */
function textsOf(node: Node): readonly string[] {
  if (node.type === 'Literal') return typeof node.value === 'string' ? [node.value] : [HOLE];
  if (node.type === 'ConditionalExpression')
    return [node.consequent, node.alternate].filter(isNode).flatMap(textsOf);
  if (node.type !== 'TemplateLiteral') return [HOLE];
  const quasis = nodesIn(node.quasis);
  return nodesIn(node.expressions).reduce(
    (texts: readonly string[], expression, i) =>
      texts.flatMap((text) => textsOf(expression).map((value) => text + value + quasiText(quasis[i + 1]))),
    [quasiText(quasis[0])],
  );
}

/** `.meta({ description: … })`: what an editor shows, and nobody says. */
const isDescription = ({ type, callee }: Node): boolean =>
  type === 'CallExpression' && isNode(callee) && isNode(callee.property) && callee.property.name === 'meta';

function* textsIn(node: Node): Generator<string> {
  if (node.type === 'ImportDeclaration') return;
  if (isDescription(node)) {
    if (isNode(node.callee)) yield* textsIn(node.callee);
    return;
  }
  if (node.type === 'Literal' || node.type === 'TemplateLiteral') yield* textsOf(node);
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? nodesIn(value) : isNode(value) ? [value] : [])
      yield* textsIn(child);
}

/** Every text and template of a file. */
export function writtenIn(file: string): readonly Written[] {
  const { program } = parseSync(file, readFileSync(join(root, file), 'utf8'));
  // The tree is plain data; what is looked at is checked above.
  return [...new Set(textsIn(program as unknown as Node))].map((text) => ({ file, text }));
}

/** The sources of the rooms, e.g. `src/bank`, and single files, e.g. `src/model/reason-text.ts`. */
export const sourcesOf = (rooms: readonly string[]): readonly string[] =>
  rooms.flatMap((room) =>
    room.endsWith('.ts')
      ? [room]
      : readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
          .filter((name) => name.endsWith('.ts'))
          .map((name) => `${room}/${name}`)
          .toSorted(),
  );
