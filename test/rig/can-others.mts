// Sentences about who listens to a whole bus while somebody looks, on a real SocketCAN interface; for can-steps.mts.
import { execFileSync } from 'node:child_process';
import { interfaceTrouble, isInterface } from '../../src/can/interface-state.ts';
import { overhear, socketCan } from '../../src/can/socketcan.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import { busEars } from '../../src/office/bus-ears.ts';
import { pause, until } from './can-wire.mts';

const COMES_MS = 30_000;
const run = (command: string) => execFileSync('bash', ['-c', command], { encoding: 'utf8' });
const WIRE = 'vcan6';

/** The ears of an office whose one inverter hears 0x305 and is told 0x351, looked at as often as is asked. */
function listening() {
  const ears = busEars([{ wire: WIRE, inverters: ['house'] }], false, {
    clock: monotonicMs,
    overhear,
    trouble: (wire) => interfaceTrouble(wire),
    isThere: isInterface,
    explain: async () => ({ why: 'nothing is known of it' }),
    knownIds: async () => [],
  });
  const bus = () => ears.tell()[0];
  return { ears, bus, seen: (id: number) => bus()?.ids.find((row) => row.id === id) };
}

/** Every id, also in 29 bits and as a remote frame, and nothing that the wires said to have sent. */
export async function hearsOthers(): Promise<boolean | string> {
  run(`ip link add dev ${WIRE} up type vcan`);
  const { ears, bus, seen } = listening();
  const ours = socketCan(WIRE, []).open({ onFrame() {}, onFault() {} });
  try {
    ears.watch(true);
    const data = Uint8Array.of(1, 2);
    ears.take({
      type: 'tape',
      from: 'wires',
      number: 0,
      entries: [['frame', monotonicMs(), WIRE, '>', 0x351, false, data]],
    });
    // Until the socket is open nobody hears.
    await until(() => {
      run(`cansend ${WIRE} 123#01`);
      return seen(0x123) !== undefined;
    }, COMES_MS);
    ours.send({ id: 0x351, extended: false, data });
    run(`cansend ${WIRE} 00004200#02; cansend ${WIRE} 305#R; cansend ${WIRE} 307#564943`);
    await until(() => seen(0x307) !== undefined, COMES_MS);
    const told = (bus()?.ids ?? []).map(({ id, extended, remote, hex }) =>
      [id.toString(16), extended ? 'x' : '', remote ? 'r' : '', hex].join('/'),
    );
    return told.join(' ') === '123///01 305//r/ 307///564943 4200/x//02' || JSON.stringify(bus());
  } finally {
    ours.close();
    ears.watch(false);
    run(`ip link del ${WIRE}`);
  }
}

/** Down, up, gone and there again: each is told, and each time it is heard again. */
export async function outlivesItsInterface(): Promise<boolean | string> {
  run(`ip link add dev ${WIRE} up type vcan`);
  const { ears, bus, seen } = listening();
  const why = () => bus()?.why ?? '';
  const heardAgain = async () => {
    const before = seen(0x123)?.count ?? 0;
    return until(() => {
      run(`cansend ${WIRE} 123#01 || true`);
      return (seen(0x123)?.count ?? 0) > before;
    }, COMES_MS);
  };
  const said: string[] = [];
  try {
    ears.watch(true);
    await heardAgain();
    run(`ip link set ${WIRE} down`);
    said.push(why());
    run(`ip link set ${WIRE} up`);
    const isUp = await heardAgain();
    run(`ip link del ${WIRE}`);
    await until(() => why().startsWith('there is no such interface'), COMES_MS);
    said.push(why());
    run(`ip link add dev ${WIRE} up type vcan`);
    const isBack = await heardAgain();
    const isTold = /^the interface is down;.*there is no such interface;/.test(said.join());
    return (isUp && isBack && isTold && why() === '') || JSON.stringify([isUp, isBack, said, bus()]);
  } finally {
    ears.watch(false);
    run(`ip link del ${WIRE} || true`);
    await pause(200);
  }
}
