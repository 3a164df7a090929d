import { type Open, yamlText } from './entries.ts';
import type { FoundMessage } from './found.ts';

/** Lines of a profile, and how many signals among them stand as comments. */
export interface Lines {
  readonly lines: readonly string[];
  readonly open: number;
}

/** What a message is called in its file, on one line. */
export const titleOf = ({ comment, name }: FoundMessage): string => {
  const text = (comment ?? name).replace(/\s+/g, ' ').trim();
  return yamlText(text.length > 120 ? `${text.slice(0, 119)}…` : text);
};

/** A comment must stay one: what a file says may hold any sign. */
export const commentLine = (indent: string, text: string): string =>
  `${indent}# ${text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ')}`;

/** What a person must fill in. */
export const openLines = (open: readonly Open[], indent: string): string[] =>
  open.length
    ? [commentLine(indent, 'to fill in:'), ...open.map((o) => commentLine(indent, `  ${o.open}`))]
    : [];

export function joined(parts: readonly Lines[]): Lines {
  return { lines: parts.flatMap(({ lines }) => lines), open: parts.reduce((sum, { open }) => sum + open, 0) };
}
