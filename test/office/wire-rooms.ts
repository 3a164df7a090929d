// Each profile on its real wire, before an inverter that keeps the raw bytes it was told.
import type { CompiledProfile } from '../../src/profile/compile.ts';
import { bydInverter } from '../inverters/byd-hv.ts';
import { growattHvInverter, growattLvInverter } from '../inverters/growatt.ts';
import { every } from '../inverters/modbus-room.ts';
import { pylontechHvInverter, usual } from '../inverters/pylontech-hv.ts';
import { inSeries, type Say, type SimulatedInverter } from '../inverters/room.ts';
import { solaxInverter } from '../inverters/solax.ts';
import { compiledOf } from '../profile/safety-banks.ts';
import { theHouse } from '../wires/house.ts';
import { modbusRoom, serialRoom } from './polled-rooms.ts';
import { changes, GRACE_MS, type House, POLL_MS, type Premises, type WireRoom } from './wire-room.ts';

/** Inverters that must speak before they are told anything, or everything. */
const speakers: Readonly<Record<string, (say: Say) => SimulatedInverter>> = {
  'byd-hv': (say) => bydInverter(say),
  'pylontech-hv': (say) => pylontechHvInverter(say, usual),
  'growatt-lv': growattLvInverter,
  'growatt-hv': growattHvInverter,
  'solax-hv': solaxInverter,
};

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

const highVoltage = ['byd-hv', 'pylontech-hv', 'growatt-hv', 'solax-hv', 'kostal-byd'];

/** `bank`: more lines of its `bank:`; packs are in series where the inverter wants high voltage. */
export function wireRoom(id: string, onState: Premises['onState'], bank = ''): WireRoom {
  const compiled = compiledOf(id, {});
  const premises = { bank: `${highVoltage.includes(id) ? inSeries.bank : ''}\n${bank}`, onState };
  if (compiled.can) return canRoom(id, compiled, premises);
  return compiled.modbus ? modbusRoom(id, compiled, premises) : serialRoom(id, compiled, premises);
}
