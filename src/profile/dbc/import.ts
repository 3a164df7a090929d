import { idText } from '../describe.ts';
import { type Entry, entryOf, isOpen, type Open, type Section, wireAt, yamlText } from './entries.ts';
import type { FoundDbc, FoundMessage, FoundSignal } from './found.ts';
import { received } from './heard.ts';
import { commentLine, joined, type Lines, openLines, titleOf } from './lines.ts';
import { gather } from './runs.ts';

/** A profile that has been started, and how much of it is still open. */
export interface Started {
  readonly yaml: string;
  readonly signals: number;
  /** Signals that stand in it as comments. */
  readonly open: number;
}

const inverterLike = /inv|pcs|hybrid|charger|\bgx\b|ems/i;
const batteryLike = /bms|bat|pack|\bbcu\b|\bbmu\b/i;

/** The inverter says it: its sender is called like one, or only a battery receives it. */
const isReceived = ({ sender, receivers }: FoundMessage): boolean =>
  !batteryLike.test(sender) &&
  (inverterLike.test(sender) || (receivers.length > 0 && receivers.every((name) => batteryLike.test(name))));

const spanText = (ms: number): string => (ms % 1000 ? `${ms}ms` : `${ms / 1000}s`);

const sections: readonly Section[] = ['signals', 'lists', 'bits', 'pairs', 'codes', 'texts', 'constants'];

function sectionLines(entries: readonly Entry[]): string[] {
  return sections.flatMap((section) => {
    const own = entries.filter((e) => e.section === section).toSorted((a, b) => a.at - b.at);
    return own.length ? [`      ${section}:`, ...own.map(({ text }) => `        - { ${text} }`)] : [];
  });
}

/** What all contents of an id share, and what belongs to one value of its multiplexer. */
interface Contents {
  readonly part?: { readonly at: number; readonly value: number };
  readonly title?: string;
  readonly signals: readonly FoundSignal[];
}

/** A multiplexer that fills one byte makes a frame of each of its values; another one is left to a person. */
function contentsOf({ signals }: FoundMessage): Contents[] {
  const selector = signals.find(({ mux, odd }) => mux === 'M' && !odd);
  const place = selector && wireAt(selector);
  if (!selector || place?.as !== 'u8') return [{ signals }];
  const common = signals.filter(({ mux }) => mux === undefined);
  const values = new Set(signals.flatMap(({ mux }) => (typeof mux === 'number' && mux < 256 ? [mux] : [])));
  return [...values]
    .sort((a, b) => a - b)
    .map((value) => {
      const title = selector.values?.find(([raw]) => raw === value)?.[1];
      return {
        part: { at: place.at, value },
        ...(title !== undefined && { title }),
        signals: [...common, ...signals.filter(({ mux }) => mux === value)],
      };
    });
}

/** Signals under a multiplexer that a profile cannot have are not there all at once, so none of them is bound. */
const entriesOf = (signals: readonly FoundSignal[], part: boolean): readonly (Entry | Open)[] =>
  signals.map((found) =>
    entryOf(
      !part && found.mux !== undefined
        ? { ...found, odd: 'multiplexed by something else than one whole byte' }
        : found,
    ),
  );

function frameOf(message: FoundMessage, everyMs: number, { part, title, signals }: Contents): Lines {
  const { id, extended, length, cycleMs } = message;
  const { entries, rest } =
    part || signals.every((s) => s.mux === undefined) ? gather(signals) : { entries: [], rest: signals };
  const others = entriesOf(rest, part !== undefined);
  const open = others.filter(isOpen);
  const slower = cycleMs !== undefined && cycleMs !== everyMs;
  const lines = [
    `    - id: ${idText({ id, extended })}`,
    ...(extended ? ['      extended: true'] : []),
    `      title: ${title === undefined ? titleOf(message) : yamlText(title)}`,
    `      length: ${length}`,
    ...(part ? [`      part: { at: ${part.at}, value: ${part.value} }`] : []),
    ...(slower && cycleMs % everyMs === 0 ? [`      every: ${spanText(cycleMs)}`] : []),
    ...(slower && cycleMs % everyMs
      ? [commentLine('      ', `comes every ${cycleMs} ms, which is no multiple of the beat`)]
      : []),
    ...(cycleMs === undefined
      ? [
          commentLine(
            '      ',
            'no period is said; if it answers a frame, name the question under `when_asked`',
          ),
        ]
      : []),
    ...sectionLines([...entries, ...others.filter((o): o is Entry => !isOpen(o))]),
    ...openLines(open, '      '),
  ];
  return { lines, open: open.length };
}

const tooLong = ({ id, extended, length, name, signals }: FoundMessage): Lines => ({
  lines: [
    commentLine(
      '    ',
      `${idText({ id, extended })} ${name}: ${length} bytes, CAN FD, which no inverter here speaks`,
    ),
  ],
  open: signals.length,
});

const sent = (message: FoundMessage, everyMs: number): Lines =>
  message.length > 8
    ? tooLong(message)
    : joined(contentsOf(message).map((contents) => frameOf(message, everyMs, contents)));

const USUAL_EVERY_MS = 1000;

const head = (file: string, id: string, dbc: FoundDbc, everyMs: number): string[] => [
  '# yaml-language-server: $schema=./profile.schema.json',
  commentLine('', `Started from ${file} by \`bmsgate profile import\`. Nothing in it is proven yet.`),
  '# Every number is `required: true`: say with `unknown:` what the inverter understands where the bank may not know it.',
  `id: ${id}`,
  "version: '0.1.0'",
  `title: ${yamlText(dbc.comment?.split(';')[0]?.slice(0, 120) || dbc.version || `as ${file} describes it`)}`,
  'inverters:',
  '  - { brand: to fill in, models: to fill in }',
  'evidence: inferred',
  `sources: [${yamlText(file)}]`,
  'can:',
  `  bitrate: ${dbc.bitrate ?? 500_000}${dbc.bitrate ? '' : ' # not said in the DBC'}`,
  `  every: ${spanText(everyMs)}`,
];

const tail = [
  'lost: hold # or silent: what this inverter does when its battery falls silent decides',
  '# Add `examples:`, at least one state with the exact bytes for it, from the maker’s document or a capture:',
  '# examples:',
  '#   - given: { soc_pct: 76, voltage_V: 52.8, current_A: -12.5 }',
  "#     then: { 0x351: '14 02 …' }",
];

/** The shortest period of the file is the beat. */
const beatOf = (messages: readonly FoundMessage[]): number => {
  const cycles = messages.flatMap(({ cycleMs }) => (cycleMs ? [cycleMs] : []));
  return cycles.length ? Math.min(...cycles) : USUAL_EVERY_MS;
};

/** Starts a profile from a maker's DBC; undefined when nothing in it is a battery's to say. */
export function startProfile(dbc: FoundDbc, file: string, id: string): Started | undefined {
  const told = dbc.messages.filter((message) => !isReceived(message));
  const heard = dbc.messages.filter(isReceived);
  if (!told.some(({ length }) => length <= 8)) return undefined;
  const everyMs = beatOf(told);
  const frames = joined(told.map((message) => sent(message, everyMs)));
  const receives = joined(heard.map(received));
  const lines = [
    ...head(file, id, dbc, everyMs),
    '  frames:',
    ...frames.lines,
    ...(heard.length ? ['  receives:', ...receives.lines] : []),
    ...tail,
  ];
  return {
    yaml: `${lines.join('\n')}\n`,
    signals: dbc.messages.reduce((sum, { signals }) => sum + signals.length, 0),
    open: frames.open + receives.open,
  };
}
