// The wires of a gateway within this process, as `gateway.ts` puts them together, on real time: an evaluation, `generic-modbus`
// as a master reads it, and `pylontech-lv` on a bus in memory.
import type { Evaluation } from '../../src/bank/memory.ts';
import { openBus } from '../../src/can/bus.ts';
import { memoryBus } from '../../src/can/memory-bus.ts';
import { type GatewayConfig, parseGateway } from '../../src/config/gateway-file.ts';
import type { InverterPlan } from '../../src/config/inverters.ts';
import { answerPdu } from '../../src/modbus/pdu.ts';
import type { CanFrame } from '../../src/model/can-frame.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import { after } from '../../src/timers.ts';
import { canOutput } from '../../src/wires/can-output.ts';
import { type Evaluating, startEvaluation } from '../../src/wires/evaluation.ts';
import { modbusOutput } from '../../src/wires/output.ts';
import { isUrgent } from '../../src/wires/urgent.ts';
import { planHere } from '../config/planned.ts';
import { mute } from '../wires/lines.ts';
import { type BankOptions, gatewayText } from './packs.ts';

const inverters = [
  '{ id: ems, profile: generic-modbus, tcp: "127.0.0.1:1502" }',
  '{ id: house, profile: pylontech-lv, can: can0 }',
];

export interface Planned {
  readonly config: GatewayConfig;
  readonly plans: readonly InverterPlan[];
}

/** Profiles are proven at each load; once is enough for many wires. */
export const planned = (bank: Omit<BankOptions, 'inverters'>): Planned =>
  planHere(parseGateway('bench', gatewayText({ ...bank, inverters })));

/** Registers as a master reads them now; undefined when it is told nothing. */
export type Poll = (address: number, quantity: number) => DataView | undefined;

export interface Hooks {
  /** After an evaluation was published: from now on an answer is of it. */
  readonly onState?: (state: Evaluation, poll: Poll) => void;
  readonly onFrame?: (frame: CanFrame) => void;
}

export interface Wires {
  readonly evaluation: Evaluating;
  readonly poll: Poll;
  readonly stop: () => void;
}

export function openWires({ config, plans }: Planned, { onState, onFrame }: Hooks): Wires {
  const clock = monotonicMs;
  const line = memoryBus('can0');
  const inverter = line.open({ onFrame: (frame) => onFrame?.(frame), onFault() {} });
  const ground = { clock, after, state: () => evaluation.state(), ledger: mute };
  const [ems, house] = plans;
  const modbus = ems && modbusOutput(ems, ground);
  const poll: Poll = (address, quantity) => {
    const request = Uint8Array.of(3, address >> 8, address & 255, 0, quantity);
    const reply = modbus && answerPdu(modbus.slave, request, false);
    return reply?.[0] === 3 ? new DataView(reply.buffer, reply.byteOffset + 2, 2 * quantity) : undefined;
  };
  const evaluation: Evaluating = startEvaluation({
    bank: config.bank,
    clock,
    after,
    surroundings: () => ({}),
    publish(state, before) {
      if (isUrgent(before, state)) can?.urgent();
      // The first is made before the rest of the wires is there.
      if (before) onState?.(state, poll);
    },
  });
  const bus = openBus({
    line,
    clock,
    after,
    onEvent() {},
    onFrame: (frame, atMs) => can?.frame(frame, atMs),
  });
  const can: ReturnType<typeof canOutput> = house && canOutput(house, bus, ground);
  return {
    evaluation,
    poll,
    stop() {
      evaluation.stop();
      can?.stop();
      bus.close();
      inverter.close();
    },
  };
}
