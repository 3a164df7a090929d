// What the gateway really says, made by those who say it: the wires and the radio.
import { noAck } from '../../src/can/interface-state.ts';
import { GatewayError, sentence } from '../../src/model/errors.ts';
import { serialTrouble } from '../../src/model/serial-trouble.ts';
import { tcpTrouble } from '../../src/model/tcp-trouble.ts';
import { keyOf, watchAsked } from '../../src/wires/asked-words.ts';
import { differenceText } from '../../src/wires/difference.ts';
import { hearInverter } from '../../src/wires/hearing.ts';
import { lineHooks, tellBus } from '../../src/wires/line-words.ts';
import { takeReports } from '../../src/wires/reports.ts';
import { resting } from '../../src/wires/resting.ts';
import { watchTelling } from '../../src/wires/telling.ts';
import { watchTroubles } from '../../src/wires/wire-troubles.ts';
import { listening } from './gateway-makers.ts';

const clock = () => 1000;
const failure = (code: string) => Object.assign(new Error(code), { code });

/** Everything that can befall a CAN bus, a serial line and a TCP port. */
export function saidOfWires(): Set<string> {
  const { ledger, said } = listening();
  const ground = { ledger, clock };
  const remedy = 'check wiring, termination and bit rate; it restarts by itself after `ip link set can0 up`';
  tellBus(ground, {
    bus: 'can0',
    kind: 'unavailable',
    why: 'the interface is down',
    remedy: 'ip link set can0 up',
  });
  tellBus(ground, { bus: 'can0', kind: 'bus-off', why: 'the controller is bus-off', remedy });
  tellBus(ground, { bus: 'can0', ...noAck });
  const many = 'the controller counts many errors (error-passive)';
  tellBus(ground, { bus: 'can0', kind: 'error-passive', why: many, remedy: noAck.remedy });
  tellBus(ground, { bus: 'can0', kind: 'back' });
  tellBus(ground, { bus: 'can0', kind: 'open' });
  const lines = [
    { kind: 'tcp', name: '0.0.0.0:502' },
    { kind: 'serial', name: '/dev/ttyUSB0', codec: 'kostal' },
  ] as unknown as Parameters<typeof lineHooks>[0][];
  const whys = [
    ...['ENOENT', 'EACCES', 'EBUSY', 'ENOTTY', 'EIO', 'Cannot lock port'].map((code) =>
      serialTrouble('/dev/ttyUSB0', failure(code)),
    ),
    ...['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'EWHAT'].map((code) =>
      tcpTrouble({ host: '0.0.0.0', port: 502 }, 'tcp', failure(code)),
    ),
  ].map(sentence);
  for (const line of lines) {
    const { onState, onFault } = lineHooks(line, ground);
    for (const why of whys) onState({ kind: 'unavailable', why });
    onState({ kind: 'back' });
    onState({ kind: 'open' });
    onFault(new Error('EWHAT'));
  }
  return said;
}

export function saidOfTroubles(): Set<string> {
  const { ledger, said } = listening();
  const wrongs = [{ crcErrors: 4, requests: 90 }, { resyncBytes: 400 }, { lateAnswers: 5, answers: 60 }];
  for (const wrong of [...wrongs, { 'lateBeats/a': 6, 'beats/a': 60 }])
    for (const end of [{ requests: 3 }, {}]) {
      const watch = watchTroubles('/dev/ttyUSB0', { ledger, clock });
      watch(wrong);
      watch(end);
    }
  return said;
}

/** Functions that ask for registers, and those that do not. */
const RANGED = [1, 2, 3, 4, 5, 6, 15, 16, 22, 23, 99] as const;
const BARE = [17, 43] as const;

/** Masters that ask for everything, and are refused. */
export function saidOfMasters(): Set<string> {
  const said = new Set<string>();
  const ranges = [{}, { first: 256 }, { first: 256, quantity: 18 }];
  const row = { unit: 1, count: 7, refused: 0 };
  const rows = [
    ...RANGED.flatMap((code) => ranges.map((range) => ({ ...row, code, ...range }))),
    ...BARE.map((code) => ({ ...row, code })),
  ];
  for (const kind of ['rtu', 'kostal'] as const)
    for (const row of rows)
      for (const [count, rate] of [
        [1, 0],
        [7, 0],
        [7, 1],
        [7, 12],
      ] as const)
        for (const exception of [undefined, 1, 2, 3]) {
          const asked = { ...row, count, ...(exception !== undefined && { refused: 1, exception }) };
          const key = keyOf(asked);
          const watch = watchAsked({ name: 'ttyUSB0', kind });
          const growth = { spanMs: 60_000, whole: true, by: { [key]: rate } };
          for (const nowMs of [0, 60_000])
            for (const { text } of watch([asked], growth, nowMs)) said.add(text);
        }
  const watch = watchAsked({ name: 'ttyUSB0', kind: 'rtu' });
  const growth = { spanMs: 60_000, whole: true, by: {} };
  for (const nowMs of [0, 60_000]) for (const { text } of watch(rows, growth, nowMs)) said.add(text);
  return said;
}

/** An inverter that comes, goes, and is told nothing. */
export function saidOfInverters(): Set<string> {
  const { ledger, said } = listening();
  const { heard, judge } = hearInverter('garage', 5000, { ledger, clock });
  heard(0);
  judge(9000);
  for (const lost of ['silent', 'exception'] as unknown as Parameters<typeof watchTelling>[1][]) {
    let state: { freshness: string; validUntilMs: number } | undefined;
    const watch = watchTelling('garage', lost, () => state as never, { ledger, clock });
    for (const freshness of ['fresh', 'lost', 'never', 'fresh'])
      for (const nowMs of [0, 9000]) {
        state = { freshness, validUntilMs: 3000 };
        watch(nowMs);
      }
  }
  return said;
}

const RUNGS = ['disconnect', 'forget', 'power cycle', 'restart', 'stand-in'] as const;
const OUTCOMES = ['tried', 'helped', 'did not help', 'not possible'] as const;

export function saidOfRadios(): Set<string> {
  const { ledger, said } = listening();
  const never = () => {
    throw new Error('no sample is heard here');
  };
  const hear = takeReports(never, { ledger, clock }, () => {});
  const why =
    'hci0 was away for 60 s; all its batteries are now on hci1 and stay there until the next start; see what `bmsgate doctor` says of hci0';
  for (const rung of RUNGS)
    for (const outcome of OUTCOMES)
      for (const more of outcome === 'helped' ? [{}] : [{}, { why }])
        hear({ type: 'recovery', radio: 'hci0', battery: 'a', rung, outcome, ...more });
  const port = 'hci0';
  const gone = new GatewayError('PORT_UNAVAILABLE', {
    port,
    why: 'there is no such adapter',
    remedy: 'use hci1 or hci2 (bluetooth.adapter), or plug it in',
  });
  for (const state of ['off', 'missing']) {
    hear({ type: 'adapter', radio: 'hci0', state });
    hear({ type: 'adapter', radio: 'hci0', state, why: gone.message });
  }
  return said;
}

/** Why a link was lost, as a battery's row tells it. */
export function saidOfLinks(): Set<string> {
  const address = 'A4:C1:38:00:00:01';
  const steps = ['connect', 'discover', 'subscribe', 'write', 'login', 'forget', 'scan', 'power cycle'];
  const whys = [
    'no answer within 10 s',
    'not heard for 30 s: out of reach, off, or in use by a phone',
    'le-connection-abort',
  ];
  return new Set([
    ...steps.flatMap((step) =>
      whys.map((why) => new GatewayError('BLE_FAILED', { address, step, why }).message),
    ),
    `no complete answer for 30 s; is it a BMS? look with \`bmsgate inspect ${address}\``,
  ]);
}

/** A profile that changes on the wire: nothing, or something. */
export const saidOfSwaps = (): Set<string> =>
  new Set(
    [new Map(), new Map([['0x355', '49 00']])].map(
      (now) => `profile is taken: ${differenceText(new Map(), now)}`,
    ),
  );

/** A battery that a person lets rest. */
export function saidOfRests(): Set<string> {
  const { ledger, said } = listening();
  const batteries = [{ id: 'a', bms: 'jbd', address: 'A4:C1:38:00:00:01' }];
  for (const what of ['link', 'reading'] as const) {
    const rests = resting({ batteries, tell: () => true, ledger, clock });
    rests.begin('a', what, 'anna');
    for (const why of [rests.begin('a', what, 'anna'), rests.end('b')]) said.add(why ?? '');
    rests.end('a');
  }
  return said;
}
