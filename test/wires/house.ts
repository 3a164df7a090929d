import type { Evaluation } from '../../src/bank/memory.ts';
import { openBus } from '../../src/can/bus.ts';
import { memoryBus } from '../../src/can/memory-bus.ts';
import { parseGateway } from '../../src/config/gateway-file.ts';
import type { BatteryReading } from '../../src/model/battery.ts';
import type { CanFrame } from '../../src/model/can-frame.ts';
import type { CompiledProfile } from '../../src/profile/compile.ts';
import { canOutput } from '../../src/wires/can-output.ts';
import { startEvaluation } from '../../src/wires/evaluation.ts';
import { modbusOutput } from '../../src/wires/output.ts';
import { isUrgent } from '../../src/wires/urgent.ts';
import { reading } from '../bank/room.ts';
import { crankedClock } from '../can/clock.ts';
import { planHere } from '../config/planned.ts';
import { sentReply } from '../modbus/taken.ts';
import { readLedger } from './lines.ts';

const file = (bank: string) => `
batteries:
  - { id: a, bms: jbd, address: "A4:C1:38:00:00:01", cells: 16, capacity_Ah: 100, charge_current_A: 50, discharge_current_A: 100 }
  - { id: b, bms: jbd, address: "A4:C1:38:00:00:02", cells: 16, capacity_Ah: 100, charge_current_A: 50, discharge_current_A: 100 }
bank:
${bank.includes('strings:') ? '' : '  strings: [[a], [b]]'}
  envelope: { charge_current_A: 100, discharge_current_A: 150, cell_max_V: 3.60, cell_min_V: 2.80 }
${bank}
inverters:
  - { id: ems, profile: generic-modbus, tcp: "127.0.0.1:1502" }
  - { id: house, profile: pylontech-lv, can: can0 }
`;

const plannedBanks = new Map<string, ReturnType<typeof planHere>>();

/** Profiles are proven at each load; once for all houses of a bank is enough here. */
function planned(bank: string): ReturnType<typeof planHere> {
  const made = plannedBanks.get(bank) ?? planHere(parseGateway('house.yaml', file(bank)));
  plannedBanks.set(bank, made);
  return made;
}

interface Heard {
  readonly atMs: number;
  readonly frame: CanFrame;
}

/** A bank of two packs, both first profiles on their wires, and one clock for all of it, cranked by hand. */
export function theHouse({
  startMs = 0,
  bank = '',
  stored,
  onCan,
  onModbus,
  onFrame,
  onState,
}: {
  startMs?: number;
  bank?: string;
  stored?: Evaluation;
  /** In place of the profile on the CAN bus. */
  onCan?: CompiledProfile;
  /** In place of the profile on the Modbus wire. */
  onModbus?: CompiledProfile;
  /** The inverter on the CAN bus hears a frame. */
  onFrame?: (frame: CanFrame, atMs: number) => void;
  /** The bank was evaluated, and the wires know. */
  onState?: (state: Evaluation, before: Evaluation | undefined) => void;
} = {}) {
  const time = crankedClock(startMs);
  const { config, plans } = planned(bank);
  const { ledger, log } = readLedger();
  const heard: Heard[] = [];
  const line = memoryBus('can0');
  const inverter = line.open({
    onFrame(frame) {
      heard.push({ atMs: time.clock(), frame });
      onFrame?.(frame, time.clock());
    },
    onFault: () => {},
  });
  const ground = {
    clock: time.clock,
    after: time.after,
    state: () => evaluation.state(),
    ledger,
  };
  const [ems, house] = plans;
  if (!ems || !house) throw new Error('both inverters of the file are planned');
  const modbus = modbusOutput(onModbus ? { ...ems, compiled: onModbus } : ems, ground);
  let can: ReturnType<typeof canOutput>;
  const evaluation = startEvaluation({
    bank: config.bank,
    clock: time.clock,
    after: time.after,
    surroundings: () => ({}),
    publish: (state, before) => {
      if (isUrgent(before, state)) can?.urgent();
      onState?.(state, before);
    },
    ...(stored && { stored }),
  });
  const bus = openBus({
    line,
    clock: time.clock,
    after: time.after,
    onEvent: () => {},
    onFrame: (frame, atMs) => can?.frame(frame, atMs),
  });
  can = canOutput(onCan ? { ...house, compiled: onCan } : house, bus, ground);
  if (!modbus || !can) throw new Error('each profile speaks on its wire');
  const carried = can;

  return {
    ...time,
    log,
    ledger,
    heard,
    evaluation,
    modbus,
    can: carried,
    /** The CAN bus, to be made to suffer. */
    line,
    /** The inverter on the CAN bus says something. */
    inverterSays: (id: number, data: number[] = [], extended = false) =>
      inverter.send({ id, extended, data: Uint8Array.from(data) }),
    /** Both packs answer now. */
    speak(value: BatteryReading = reading()) {
      for (const id of ['a', 'b']) evaluation.hear(id, { atMs: time.clock(), reading: value });
    },
    /** Lets time pass with both packs answering every two seconds. */
    speakUntil(ms: number, value: () => BatteryReading = reading) {
      while (time.clock() + 2000 <= ms) {
        time.until(time.clock() + 2000);
        this.speak(value());
      }
      time.until(ms);
    },
    /** Holding registers as a master reads them now; a number is an exception code, undefined is silence. */
    poll(address: number, quantity: number): number[] | number | undefined {
      const request = Uint8Array.of(3, address >> 8, address & 255, 0, quantity);
      const reply = sentReply(modbus.slave, request);
      if (!reply) return undefined;
      if ((reply[0] ?? 0) & 0x80) return reply[1];
      return Array.from(
        { length: quantity },
        (_, i) => ((reply[2 + 2 * i] ?? 0) << 8) | (reply[3 + 2 * i] ?? 0),
      );
    },
    /** The newest frame of an id at or after a moment. */
    frame: (id: number, fromMs = 0) =>
      heard.findLast((h) => h.frame.id === id && h.atMs >= fromMs)?.frame.data,
    framesSince: (ms: number) => heard.filter((h) => h.atMs >= ms),
  };
}

/** CCL and DCL of a 0x351 frame, A. */
export const currentsOf = (data: Uint8Array): [number, number] => [
  ((data[2] ?? 0) | ((data[3] ?? 0) << 8)) / 10,
  ((data[4] ?? 0) | ((data[5] ?? 0) << 8)) / 10,
];
