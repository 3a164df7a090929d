import { didYouMean } from './nearest.ts';

/** What of a schema's complaint is used here; zod's issues have this shape. */
export interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly expected?: string;
  readonly keys?: readonly string[];
  readonly values?: readonly unknown[];
  readonly options?: readonly unknown[];
  readonly errors?: readonly (readonly Issue[])[];
  /** What is wrong with a key. */
  readonly issues?: readonly Issue[];
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  readonly inclusive?: boolean;
  readonly origin?: string;
}

/** One complaint about one place; `onKey` when the key itself is wrong, not what stands behind it. */
export interface Complaint {
  readonly path: readonly PropertyKey[];
  readonly onKey: boolean;
  readonly message: string;
}

/** What the sentences need to know beyond the issue. */
export interface Surroundings {
  readonly valueAt: (path: readonly PropertyKey[]) => unknown;
  readonly keysAt: (path: readonly PropertyKey[]) => readonly string[];
}

const kindWords: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: '`true` or `false`',
  array: 'a list (`[…]` or lines that begin with `-`)',
  object: 'a map (`key: value`)',
  record: 'a map (`key: value`)',
};
const kindWord = (expected: string | undefined): string => kindWords[expected ?? ''] ?? `${expected}`;

/** How a person would name what stands there now. */
function shown(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string') return `the text \`${value.slice(0, 40)}\``;
  return `\`${String(value)}\``;
}

const nameOf = (path: readonly PropertyKey[]): string => {
  const last = path.at(-1);
  return typeof last === 'number' ? `entry ${last + 1}` : `\`${String(last ?? 'the document')}\``;
};

const listed = (values: readonly unknown[]): string => values.map((v) => `\`${String(v)}\``).join(', ');

function boundText(issue: Issue, word: 'at least' | 'at most', bound: unknown): string {
  const edge = issue.inclusive === false ? (word === 'at least' ? 'more than' : 'less than') : word;
  const what = { string: ' characters', array: ' entries', set: ' entries' }[issue.origin ?? ''] ?? '';
  return what ? `give it ${edge} ${String(bound)}${what}` : `write ${edge} ${String(bound)}`;
}

function advice(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case 'too_small':
      return boundText(issue, 'at least', issue.minimum);
    case 'too_big':
      return boundText(issue, 'at most', issue.maximum);
    case 'invalid_value': {
      const values = issue.values ?? [];
      const guess = typeof value === 'string' ? didYouMean(value, values.map(String)) : '';
      return `write ${values.length > 1 ? 'one of ' : ''}${listed(values)}${guess}`;
    }
    case 'invalid_union':
      return `write one of ${listed(issue.options ?? [])}`;
    default:
      return `write ${kindWord(issue.expected)}`;
  }
}

/** The schema's own sentence wins; zod's stock phrases begin like these. */
const isStock = (message: string): boolean => /^(Invalid|Too (small|big)|Unrecognized)/.test(message);

/** A key of several words is mostly the rest of a text that was cut at its comma. */
const unknownKeyAdvice = (key: string, known: readonly string[]): string =>
  key.includes(' ')
    ? '; if it belongs to the text before it, put that text into quotes'
    : didYouMean(key, known) || `; known here: ${some(known) || 'none'}`;

/** Enough names to see what is meant. */
const some = (names: readonly string[]): string =>
  names.length > 14 ? `${names.slice(0, 12).join(', ')}, …` : names.join(', ');

/** In the order of the file: nobody reads more of them. */
const MOST_KEYS = 20;

function unknownKeys(issue: Issue, around: Surroundings): Complaint[] {
  const known = around.keysAt(issue.path);
  return (issue.keys ?? []).slice(0, MOST_KEYS).map((key) => ({
    path: [...issue.path, key],
    onKey: true,
    message: `unknown key \`${key.slice(0, 40)}\`${unknownKeyAdvice(key, known)}`,
  }));
}

/** The form that was probably meant: the one whose complaints lie deepest, then the one with fewest. */
function unionComplaints(issue: Issue, around: Surroundings): Complaint[] {
  const forms = (issue.errors ?? []).map((form) =>
    form.map((i) => ({ ...i, path: [...issue.path, ...i.path] })),
  );
  const depth = (form: readonly Issue[]) => Math.max(...form.map((i) => i.path.length));
  const [best] = forms
    .filter((form) => form.some((i) => i.path.length > issue.path.length || i.code !== 'invalid_type'))
    .sort((a, b) => depth(b) - depth(a) || a.length - b.length);
  if (best) return best.flatMap((i) => complaints(i, around));
  const kinds = [...new Set(forms.flatMap((form) => form.map((i) => kindWord(i.expected))))];
  const value = around.valueAt(issue.path);
  return [
    {
      path: issue.path,
      onKey: false,
      message: `${nameOf(issue.path)} is ${shown(value)}; write ${kinds.join(' or ')}`,
    },
  ];
}

/** A key that is not of the form that keys have here. */
function badKey(issue: Issue): Complaint {
  const said = issue.issues?.find(({ message }) => !isStock(message))?.message;
  const key = String(issue.path.at(-1)).slice(0, 40);
  return {
    path: issue.path,
    onKey: true,
    message: said ?? `a key here cannot be called \`${key}\`; call it otherwise`,
  };
}

/** Sentences that say what is wrong; what to do. */
export function complaints(issue: Issue, around: Surroundings): Complaint[] {
  if (issue.code === 'unrecognized_keys') return unknownKeys(issue, around);
  if (issue.code === 'invalid_key') return [badKey(issue)];
  const value = around.valueAt(issue.path);
  const say = (message: string): Complaint[] => [{ path: issue.path, onKey: false, message }];
  if (value === undefined && issue.code !== 'custom') {
    const what = issue.values ?? issue.options;
    return say(
      `${nameOf(issue.path)} is missing; add it${what ? `: one of ${listed(what)}` : issue.expected ? `: ${kindWord(issue.expected)}` : ''}`,
    );
  }
  if (issue.code === 'invalid_union' && issue.errors?.length) return unionComplaints(issue, around);
  if (!isStock(issue.message)) return say(issue.message);
  return say(`${nameOf(issue.path)} is ${shown(value)}; ${advice(issue, value)}`);
}
