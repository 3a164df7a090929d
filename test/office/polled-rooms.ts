// Profiles on RS485, before a master that asks for all that there is once a second.
import type { CompiledProfile } from '../../src/profile/compile.ts';
import { plainOf, plenticore } from '../inverters/plenticore.ts';
import { pylonFrame } from '../inverters/pylon-ascii.ts';
import { NOTHING, type SimulatedInverter } from '../inverters/room.ts';
import { type AskBytes, type TamperBytes, theSerialRoom } from '../inverters/serial-room.ts';
import { sentReply } from '../modbus/taken.ts';
import { theHouse } from '../wires/house.ts';
import { changes, GRACE_MS, POLL_MS, type Premises, type WireRoom } from './wire-room.ts';

export function modbusRoom(id: string, compiled: CompiledProfile, { bank, onState }: Premises): WireRoom {
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
      const reply = sentReply(modbus.slaveAt(unit), asked);
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

export function serialRoom(id: string, compiled: CompiledProfile, premises: Premises): WireRoom {
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
