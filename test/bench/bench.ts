// `npm run bench [-- --quick] [--only PART …] [--json FILE] [--markdown FILE]`: every figure of design section 9 in one table,
// beside its budget, its physical limit and the peers. `--markdown` writes the tables into that page, between its marks.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { can } from './beat.ts';
import { evaluation } from './evaluate.ts';
import { footprint } from './footprint.ts';
import { history } from './history.ts';
import { loadNow, machine } from './machine.ts';
import { type Run, verdictOf, writeMarkdown } from './markdown.ts';
import { paced } from './paced.ts';
import { path } from './path.ts';
import { profiles } from './profiles.ts';
import type { Part, Row } from './row.ts';
import { rtu, smoke } from './rtu.ts';
import { stale } from './stale.ts';
import { startUp } from './start-up.ts';
import { tableLines } from './table.ts';
import { web } from './web.ts';

const parts: { readonly [name: string]: Part } = {
  rtu,
  paced,
  can,
  path,
  stale,
  start: startUp,
  footprint,
  evaluation,
  profiles,
  history,
  web,
};

/** Of the tests; not part of a run. */
const small: { readonly [name: string]: Part } = { smoke };

const USAGE = `npm run bench [-- --quick] [--only ${Object.keys(parts).join('|')}] [--json FILE] [--markdown FILE]`;

const options = {
  quick: { type: 'boolean', default: false },
  only: { type: 'string', multiple: true, default: [] as string[] },
  json: { type: 'string' },
  markdown: { type: 'string' },
} as const;

function usage(why: string): never {
  console.error(`${why}; ${USAGE}`);
  process.exit(2);
}

function read() {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error));
  }
}

const { quick: isQuick, only, json, markdown } = read();
const all = { ...parts, ...small };
const strangers = only.filter((name) => !(name in all));
if (strangers.length > 0) usage(`there is no part \`${strangers.join('`, `')}\``);
const chosen = Object.entries(only.length === 0 ? parts : all).filter(
  ([name]) => only.length === 0 || only.includes(name),
);

const say = (text: string): void => void process.stderr.write(`${text} …\n`);

/** A part that fails is a row that says why; the others go on. */
async function rowsOf(name: string, part: Part): Promise<Row[]> {
  const rows: Row[] = [];
  try {
    for await (const row of part({ isQuick, say })) rows.push(row);
  } catch (error) {
    process.exitCode = 1;
    rows.push({
      part: name,
      what: 'failed',
      missing: error instanceof Error ? error.message : String(error),
    });
  }
  return rows;
}

const before = loadNow();
const rows: Row[] = [];
for (const [name, part] of chosen) rows.push(...(await rowsOf(name, part)));
const run: Run = {
  date: new Date().toISOString().slice(0, 10),
  isQuick,
  machine: machine(),
  load: [before, loadNow()],
  rows,
};
for (const line of tableLines(rows)) console.log(line);
console.log(`${JSON.stringify(run.machine)}, load ${run.load.join(' → ')}; ${verdictOf(rows)}`);
if (json) writeFileSync(json, `${JSON.stringify(run, undefined, 1)}\n`);
if (markdown) writeMarkdown(markdown, run);
process.exit();
