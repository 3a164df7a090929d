import type { Scenario } from '../bank/scenario.ts';
import { type DocumentProblem, GatewayError } from '../model/errors.ts';
import { inOrder, type Reading, readDocument, z } from '../profile/document.ts';
import { checks } from './checks.ts';
import { bankConfig } from './gateway-file.ts';
import { readLines, reserved } from './scenario-lines.ts';
import { type GatewayFile, gatewaySchema } from './schema.ts';

/**
 * A scenario is a text: its first line, the bank between two lines of `---` as in `gateway.yaml` but without `bms`, addresses
 * and inverters, then timed lines; `#` begins a comment. Packs speak from the start and rest: soc=50 cell=3.30 i=0 t=20.
 *
 *     5m a,b soc=50 i=-10 cell=3.30..3.45/10m cell7=3.47 v=52.8 t=20 t2=none mosfet=60 capacity=95
 *     6m all charge_fet=off discharge_fet=on alarm=cell_high_voltage warning=none
 *     7m b silent | speaks | frozen | moves
 *     8m restart | restart cold
 *     9m shunt i=-12 | shunt silent | inverter i=-12 | inverter silent
 *     9m30s expect ccl=38 dcl>0 rung=fresh ccl_reason=highest_cell_7_of_a b.rung=lost soc_pct=50 stage=none
 *     10m end
 *
 * Expectations hold of the second in which they stand, after all that happens in it; reasons and notices are searched for the
 * words, `_` for a space.
 */
const FIRST_LINE = '# bmsgate scenario 1';

const { shape } = gatewaySchema;

const headSchema = z.strictObject({
  batteries: z
    .array(shape.batteries.element.omit({ bms: true, address: true }))
    .min(1)
    .max(64),
  bank: shape.bank,
});

/** The head as if it were a gateway file, so that the checks of one hold it too. */
const asGateway = ({ batteries, bank }: z.output<typeof headSchema>): GatewayFile => ({
  batteries: batteries.map((battery, i) => ({ ...battery, bms: 'jbd', address: `scenario ${i}` })),
  bank,
  inverters: [],
  bluetooth: shape.bluetooth.parse(undefined),
  log: shape.log.parse(undefined),
});

const reject = (problems: readonly DocumentProblem[]): GatewayError =>
  new GatewayError('DOCUMENT_INVALID', { problems: inOrder(problems) });

/** Batteries whose name would be read as another word of a line. */
const unspeakable = ({ value, problemAt }: Reading<GatewayFile>): DocumentProblem[] =>
  value.batteries.flatMap(({ id }, at) =>
    reserved.includes(id)
      ? [
          problemAt(
            ['batteries', at, 'id'],
            `\`${id}\` begins a line of its own in a scenario; call the battery otherwise`,
          ),
        ]
      : [],
  );

function readHead(file: string, text: string): GatewayFile {
  const head = readDocument(file, text, headSchema);
  if ('problems' in head) throw reject(head.problems);
  const read = { ...head, value: asGateway(head.value) };
  const problems = [...checks, unspeakable].flatMap((check) => check(read));
  if (problems.length) throw reject(problems);
  return read.value;
}

/** Line numbers from 0 of the two `---`, with nothing but comments above. */
function fences(file: string, lines: readonly string[]): readonly [number, number] {
  const [from = -1, to] = lines.flatMap((line, i) => (line.trimEnd() === '---' ? [i] : []));
  const said = lines.findIndex((line) => !/^\s*(#|$)/.test(line));
  if (to !== undefined && said === from) return [from, to];
  const message =
    'the bank is missing; put `batteries` and `bank` as in gateway.yaml between two lines of `---`, above the first time';
  throw reject([{ file, line: Math.max(0, said) + 1, column: 1, message }]);
}

/** Reads and checks a scenario. Throws DOCUMENT_INVALID with every place. */
export function parseScenario(file: string, text: string): Scenario {
  if (!/^# bmsgate scenario 1\s/.test(`${text}\n`))
    throw reject([
      {
        file,
        line: 1,
        column: 1,
        message: `this is no scenario that can be read; its first line is \`${FIRST_LINE}\``,
      },
    ]);
  const lines = text.split(/\r?\n/);
  const [from, to] = fences(file, lines);
  // Blank lines in front keep the line numbers true.
  const bank = bankConfig(readHead(file, '\n'.repeat(from + 1) + lines.slice(from + 1, to).join('\n')));
  const read = readLines(file, lines.slice(to + 1), to + 2, bank);
  if ('problems' in read) throw reject(read.problems);
  const hasShunt = read.steps.some((step) => 'instrument' in step && step.instrument === 'shunt');
  return { ...read, bank: { ...bank, hasShunt } };
}
