// Speed of the RTU slave beside those of libmodbus, pymodbus and modbus-serial, on the same PTY and the same master: as fast as
// they answer, and on lines of 9600 and 115200 baud. Budgets: design, section 9.
import { quietTimeMs } from '../../src/modbus/line-server.ts';
import { benchGateway } from './gateway.ts';
import { BUSY, whileBusy } from './load.ts';
import { type Part, type Row, type Spread, spreadOf } from './row.ts';
import { askSlave, type RtuOrder, type RtuTimes } from './rtu-master.ts';
import { type BenchSlave, benchSlaves, oursByDefault } from './slaves.ts';

const PART = 'RTU';
const BAUD = 9600;
const QUANTITIES = [10, 60, 120] as const;
const REQUESTS = 20_000;
const QUICK_REQUESTS = 1000;

type Budget = readonly [string, (spread: Spread, perSecond: number) => boolean];

const budgets = {
  fast: ['≥ 5000/s, p50 ≤ 0.2, p99 ≤ 1.75', (s, rate) => rate >= 5000 && s.p50 <= 0.2 && s.p99 <= 1.75],
  loaded: ['p99 ≤ 5, max ≤ 20', (s) => s.p99 <= 5 && s.max <= 20],
  polite: [
    'never before 3.65, p99 ≤ 8.65',
    (s) => s.min >= quietTimeMs({ path: '', baud: BAUD }) && s.p99 <= 8.65,
  ],
} satisfies Record<string, Budget>;

const perSecond = (ms: readonly number[]): number => (1000 * ms.length) / ms.reduce((a, b) => a + b, 0);

const requestsFor = ({ share }: Pick<BenchSlave, 'share'>, isQuick: boolean): number =>
  Math.max(20, Math.ceil((isQuick ? QUICK_REQUESTS : REQUESTS) * share));

/** What was found as a row; `oursMs` is how long ours took for the same. */
function rowOf(
  row: Pick<Row, 'what' | 'load'> & Partial<Row>,
  found: RtuTimes | string,
  which: 'firstByteMs' | 'answerMs',
  budget?: Budget,
): Row {
  if (typeof found === 'string') return { part: PART, ...row, missing: found };
  const times = found[which];
  const spread = spreadOf(times);
  const rate = perSecond(times);
  const [text, isMet] = budget ?? [];
  return {
    part: PART,
    ...row,
    ...spread,
    unit: 'ms',
    perSecond: rate,
    ...(text !== undefined && isMet && { budget: text, isMet: found.lost === 0 && isMet(spread, rate) }),
    ...(found.lost > 0 && { note: `${found.lost} not answered` }),
  };
}

const withRatio = (row: Row, ours: Row | undefined): Row =>
  ours?.perSecond && row.perSecond ? { ...row, oursBy: ours.perSecond / row.perSecond } : row;

async function* everySlave(
  slaves: readonly BenchSlave[],
  registers: number,
  load: string | undefined,
  isQuick: boolean,
): AsyncGenerator<Row> {
  let ours: Row | undefined;
  for (const slave of slaves) {
    const what = `${slave.name}, ${registers} registers`;
    const head = { what, ...(load !== undefined && { load }) };
    const order: RtuOrder = { requests: requestsFor(slave, isQuick), registers };
    const found = slave.missing ?? (await askSlave((path) => slave.start(path, BAUD), order));
    const budget = load === undefined && registers === 10 ? budgets.fast : budgets.loaded;
    const row = rowOf(
      head,
      found,
      'answerMs',
      slave.isOurs && (load || registers === 10) ? budget : undefined,
    );
    yield slave.isOurs ? row : withRatio(row, ours);
    if (slave.isOurs) ours = row;
  }
}

/** Rows that were found while the cores were busy; they are all there before the first is told. */
const busyRows = (rows: AsyncGenerator<Row>): Promise<Row[]> =>
  whileBusy(async () => {
    const found: Row[] = [];
    for await (const row of rows) found.push(row);
    return found;
  });

async function besideSixteenPacks(isQuick: boolean): Promise<Row> {
  const order = { requests: isQuick ? QUICK_REQUESTS : REQUESTS, registers: 10, isRamp: false };
  let clear = () => {};
  const found = await askSlave((serial) => {
    const line = `{ id: line, profile: generic-modbus, serial: ${serial}, reply_delay: 0 }`;
    const gateway = benchGateway({ packs: 16, inverters: [line] });
    clear = gateway.clear;
    return gateway.start();
  }, order);
  clear();
  const head = {
    what: 'bmsgate, the whole gateway, 10 registers',
    load: '16 packs of 16 cells at 1 Hz, log files',
  };
  return rowOf(head, found, 'answerMs', budgets.loaded);
}

/** Every slave is still there and answers: a few questions each, for the tests. */
export const smoke: Part = async function* () {
  const few = benchSlaves().map((slave) => ({ ...slave, share: 0 }));
  yield* everySlave(few, 10, undefined, true);
};

export const rtu: Part = async function* ({ isQuick, say }) {
  const slaves = benchSlaves();
  for (const registers of QUANTITIES) {
    say(`RTU, ${registers} registers`);
    yield* everySlave(slaves, registers, undefined, isQuick);
  }
  say('RTU, default reply_delay');
  const polite = { requests: requestsFor(oursByDefault, isQuick), registers: 10 };
  const found = await askSlave((path) => oursByDefault.start(path, BAUD), polite);
  yield rowOf({ what: `${oursByDefault.name}, first byte` }, found, 'firstByteMs', budgets.polite);
  for (const registers of QUANTITIES) {
    say(`RTU, ${registers} registers beside ${BUSY}`);
    yield* await busyRows(everySlave(slaves, registers, BUSY, isQuick));
  }
  say('RTU, the whole gateway');
  yield await besideSixteenPacks(isQuick);
};
