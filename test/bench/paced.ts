// A whole question and answer on lines of real speeds, beside what the line alone takes: the bytes at 10 bits each and t3.5. A
// PTY has no speed; the master gives every byte its time.
import { quietTimeMs } from '../../src/modbus/line-server.ts';
import { judgedRow, type Part, type Row } from './row.ts';
import { askSlave } from './rtu-master.ts';
import { type BenchSlave, benchSlaves, oursByDefault } from './slaves.ts';

const PART = 'RTU at line speed';
const BITS = 10;
const REQUEST_BYTES = 8;
const answerBytes = (registers: number): number => 5 + 2 * registers;
/** What our answer may be late beyond t3.5 (design, section 9). */
const GRACE_MS = 5;

const lines = [
  { baud: 9600, registers: 10, requests: 200 },
  { baud: 9600, registers: 120, requests: 60 },
  { baud: 115_200, registers: 10, requests: 1000 },
  { baud: 115_200, registers: 120, requests: 500 },
] as const;

type Line = (typeof lines)[number];

const bytesMs = ({ baud, registers }: Line): number =>
  ((REQUEST_BYTES + answerBytes(registers)) * BITS * 1000) / baud;

async function measure(slave: BenchSlave, line: Line, isQuick: boolean): Promise<Row> {
  const { baud, registers } = line;
  const what = `${slave.name}, ${baud} baud, ${registers} registers`;
  const limit = bytesMs(line) + quietTimeMs({ path: '', baud });
  const requests = isQuick ? 20 : line.requests;
  const found =
    slave.missing ?? (await askSlave((path) => slave.start(path, baud), { requests, registers, baud }));
  if (typeof found === 'string') return { part: PART, what, missing: found };
  const quietMs = Math.min(...found.firstByteMs);
  const isKept = quietMs >= quietTimeMs({ path: '', baud });
  const kept = isKept ? 'silence kept' : 'answers into t3.5';
  const lost = found.lost > 0 ? `; ${found.lost} of ${found.asked} not answered` : '';
  const row = {
    part: PART,
    what,
    unit: 'ms',
    limit,
    note: `${kept}: first byte after ${quietMs.toFixed(2)} ms at least${lost}`,
  };
  if (!slave.isOurs) return judgedRow(row, found.turnMs);
  return judgedRow(
    row,
    found.turnMs,
    `p99 ≤ physics + ${GRACE_MS}`,
    (s) => isKept && found.lost === 0 && s.p99 <= limit + GRACE_MS,
  );
}

export const paced: Part = async function* ({ isQuick, say }) {
  const [, ...others] = benchSlaves();
  for (const line of lines) {
    say(`RTU at ${line.baud} baud, ${line.registers} registers`);
    let ours: Row | undefined;
    for (const slave of [oursByDefault, ...others]) {
      const row = await measure(slave, line, isQuick);
      ours ??= row;
      yield ours === row || !ours.p50 || !row.p50 ? row : { ...row, oursBy: row.p50 / ours.p50 };
    }
  }
};
