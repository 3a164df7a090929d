// Each profile on its real wire, before an inverter that keeps the raw bytes it was told.
import type { Evaluation } from '../../src/bank/memory.ts';
import { answerPdu } from '../../src/modbus/pdu.ts';
import type { CompiledProfile } from '../../src/profile/compile.ts';
import type { Output } from '../../src/wires/output.ts';
import { bydInverter } from '../inverters/byd-hv.ts';
import { growattHvInverter, growattLvInverter } from '../inverters/growatt.ts';
import { every } from '../inverters/modbus-room.ts';
import { plainOf, plenticore } from '../inverters/plenticore.ts';
import { pylonFrame } from '../inverters/pylon-ascii.ts';
import { pylontechHvInverter, usual } from '../inverters/pylontech-hv.ts';
import { inSeries, NOTHING, type Say, type SimulatedInverter } from '../inverters/room.ts';
import { type AskBytes, type TamperBytes, theSerialRoom } from '../inverters/serial-room.ts';
import { solaxInverter } from '../inverters/solax.ts';
import { compiledOf } from '../profile/safety-banks.ts';
import type { Told } from '../profile/safety-readers.ts';
import { theHouse } from '../wires/house.ts';

/** Answers and beats come once a second or slower; a frame of a beat leaves some milliseconds after the one before. */
const GRACE_MS = 200;
const POLL_MS = 1000;

export type House = ReturnType<typeof theHouse>;
type OnState = (state: Evaluation, before: Evaluation | undefined) => void;

/** One inverter at a house of two packs. */
export interface WireRoom {
  readonly house: House;
  readonly output: Output;
  readonly kind: 'can' | 'rtu' | 'ascii' | 'kostal';
  /** From one word of the battery to the next, at most. */
  readonly everyMs: number;
  /** The inverter lives: it polls and beats. It may stop. */
  readonly tick: (nowMs: number) => void;
  /** The bytes that it was told last, by place. */
  readonly told: Told;
  /** Of one that is told nothing but what it asks: so long after its last question it counts as silent. */
  readonly silentAfterMs: number;
  /** Something came since this was asked last. */
  readonly isNew: () => boolean;
  /** Something came within its period. */
  readonly isTold: (nowMs: number) => boolean;
}

interface Premises {
  readonly bank: string;
  readonly onState: OnState;
}

/** Inverters that must speak before they are told anything, or everything. */
const speakers: Readonly<Record<string, (say: Say) => SimulatedInverter>> = {
  'byd-hv': (say) => bydInverter(say),
  'pylontech-hv': (say) => pylontechHvInverter(say, usual),
  'growatt-lv': growattLvInverter,
  'growatt-hv': growattHvInverter,
  'solax-hv': solaxInverter,
};

/** Whether a number is another than when this was asked last. */
function changes(read: () => number): () => boolean {
  let was = Number.NaN;
  return () => {
    const now = read();
    const isOther = now !== was;
    was = now;
    return isOther;
  };
}

/** One that beats, and listens. */
const listener = (say: Say): Pick<SimulatedInverter, 'hear' | 'tick'> => ({
  hear: () => {},
  tick: every(1000, () => say(0x305, Array(8).fill(0))),
});

function canRoom(id: string, compiled: CompiledProfile, { bank, onState }: Premises): WireRoom {
  const inverter = (speakers[id] ?? listener)((of, data, extended = false) =>
    house.inverterSays(of, [...data], extended),
  );
  const house: House = theHouse({
    onCan: compiled,
    bank,
    onState,
    onFrame: (frame, atMs) => inverter.hear(frame, atMs),
  });
  const everyMs = compiled.can?.everyMs ?? POLL_MS;
  return {
    house,
    output: house.can,
    kind: 'can',
    everyMs,
    silentAfterMs: house.can.isPolled
      ? Math.min(...(compiled.can?.receives ?? []).map((r) => r.silent_after))
      : 0,
    tick: inverter.tick,
    told: (place) => house.frame(place),
    isNew: changes(() => house.heard.length),
    isTold: (nowMs) => (house.heard.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY) > nowMs - everyMs - GRACE_MS,
  };
}

function modbusRoom(id: string, compiled: CompiledProfile, { bank, onState }: Premises): WireRoom {
  const house = theHouse({ onModbus: compiled, bank, onState });
  const { modbus } = house;
  const unit = compiled.modbus?.units[0] ?? 1;
  const head = compiled.modbus?.readHeader === 'bytes8' ? 2 : 3;
  /** Every window, in pieces that a frame can carry. */
  const pieces = (compiled.modbus?.layouts ?? []).flatMap(({ from, to, functions }) =>
    Array.from({ length: Math.ceil((to - from + 1) / 100) }, (_, i) => ({
      fc: functions[0] ?? 3,
      from: from + 100 * i,
      count: Math.min(100, to - from + 1 - 100 * i),
    })),
  );
  const answers = new Map<number, Uint8Array>();
  let polledAtMs = Number.NEGATIVE_INFINITY;
  let answeredAtMs = Number.NEGATIVE_INFINITY;

  function poll(nowMs: number): void {
    for (const { fc, from, count } of pieces) {
      const asked = Uint8Array.of(fc, from >> 8, from & 255, 0, count);
      const reply = answerPdu(modbus.slaveAt(unit), asked, false);
      if (!reply || reply[0] !== fc) continue;
      answeredAtMs = nowMs;
      for (let i = 0; i < count; i++) answers.set(from + i, reply.slice(head + 2 * i, head + 2 * i + 2));
    }
  }
  return {
    house,
    output: modbus,
    kind: 'rtu',
    everyMs: POLL_MS,
    silentAfterMs: compiled.modbus?.silentAfterMs ?? 0,
    tick(nowMs) {
      if (nowMs - polledAtMs < POLL_MS) return;
      polledAtMs = nowMs;
      modbus.hearing.heard(nowMs);
      if (id === 'byd-modbus') modbus.slaveAt(unit).write(400, Uint16Array.of(2));
      poll(nowMs);
    },
    told: (place) => answers.get(place),
    isNew: changes(() => answeredAtMs),
    isTold: (nowMs) => answeredAtMs > nowMs - POLL_MS - GRACE_MS,
  };
}

/** INFO of a Pylontech answer. */
function infoOf(answer: Uint8Array): Uint8Array {
  const text = Buffer.from(answer).toString('latin1');
  return Buffer.from(text.slice(13, -5), 'hex');
}

const asciiMaster = (ask: AskBytes): Pick<SimulatedInverter, 'tick'> => ({
  tick() {
    for (const command of [0x61, 0x62, 0x63, 0x92, 0x47]) ask(pylonFrame(command, '02'));
  },
});

/** The command of a question and the content of its answer, as the two protocols lay them. */
const parts: Readonly<
  Record<'ascii' | 'kostal', (asked: Uint8Array, answer: Uint8Array) => [number, Uint8Array]>
> = {
  ascii: (asked, answer) => [
    Number.parseInt(Buffer.from(asked).toString('latin1').slice(7, 9), 16),
    infoOf(answer),
  ],
  kostal(asked, answer) {
    const [question, plain] = [plainOf(asked), plainOf(answer)];
    if (typeof question === 'string' || typeof plain === 'string') throw new Error('a broken frame');
    return [(question[6] ?? 0) + 256 * (question[7] ?? 0), Uint8Array.from(plain.slice(6, -2))];
  },
};

function serialRoom(id: string, compiled: CompiledProfile, premises: Premises): WireRoom {
  const kind = compiled.serial?.codec === 'kostal' ? 'kostal' : 'ascii';
  const newest = new Map<number, Uint8Array>();
  let answeredAtMs = Number.NEGATIVE_INFINITY;
  let polledAtMs = Number.NEGATIVE_INFINITY;
  const keep: TamperBytes = (answer, asked) => {
    const [command, content] = parts[kind](asked, answer);
    newest.set(command, content);
    answeredAtMs = room.now();
    return answer;
  };
  const room = theSerialRoom(
    id,
    (ask) => ({
      trips: [],
      allows: () => NOTHING,
      ...(kind === 'kostal' ? plenticore(ask) : asciiMaster(ask)),
    }),
    { ...premises, tamper: keep },
  );
  return {
    house: room.house,
    output: room.output,
    kind,
    everyMs: POLL_MS,
    silentAfterMs: compiled.serial?.silentAfterMs ?? 0,
    tick(nowMs) {
      if (nowMs - polledAtMs < POLL_MS) return;
      polledAtMs = nowMs;
      room.output.hearing.heard(nowMs);
      room.inverter.tick(nowMs);
    },
    told: (place) => newest.get(place),
    isNew: changes(() => answeredAtMs),
    isTold: (nowMs) => answeredAtMs > nowMs - POLL_MS - GRACE_MS,
  };
}

const highVoltage = ['byd-hv', 'pylontech-hv', 'growatt-hv', 'solax-hv', 'kostal-byd'];

/** `bank`: more lines of its `bank:`; packs are in series where the inverter wants high voltage. */
export function wireRoom(id: string, onState: OnState, bank = ''): WireRoom {
  const compiled = compiledOf(id, {});
  const premises = { bank: `${highVoltage.includes(id) ? inSeries.bank : ''}\n${bank}`, onState };
  if (compiled.can) return canRoom(id, compiled, premises);
  return compiled.modbus ? modbusRoom(id, compiled, premises) : serialRoom(id, compiled, premises);
}
