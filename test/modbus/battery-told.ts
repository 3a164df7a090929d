// A shipped register profile at the end of a serial line in memory: bytes with CRC in, bytes with CRC out.
import type { SignalValues } from '../../src/model/signals.ts';
import type { Settings } from '../../src/profile/options.ts';
import { writtenState } from '../../src/profile/state-file.ts';
import { telling } from '../../src/profile/telling.ts';
import { modbusVoice } from '../../src/wires/modbus-voice.ts';
import { bankOf, once, pack, reading } from '../bank/room.ts';
import { shipped } from '../profile/profiles.ts';
import { lineWith, request } from './line.ts';

const someBank = once(bankOf([[pack('a')]]), { a: reading() });

/** The battery of a state under an installer's options. Needs `vi.useFakeTimers()`. */
export async function batteryTold(id: string, given: SignalValues, settings: Settings = {}) {
  const compiled = shipped(id, settings);
  const { modbus, lost } = compiled;
  if (!modbus) throw new Error(`${id} has no registers`);
  const signals = writtenState(given);
  const state = { ...someBank, freshness: signals.freshness ?? 'fresh', signals };
  const lacks: string[] = [];
  const voice = modbusVoice(
    compiled,
    modbus,
    () => ({ state, telling: telling(lost, state, state.evaluatedAtMs) }),
    () => state.evaluatedAtMs,
    (names) => void lacks.splice(0, lacks.length, ...names),
  );
  const line = await lineWith(new Map(modbus.units.map((unit) => [unit, voice.slaveAt(unit)])));
  /** The answer to these bytes, as in the reference; empty is silence. */
  const ask = (frame: string | Uint8Array): string => {
    line.hear(frame);
    line.pass(100);
    return line.said().join(' | ');
  };
  /** The registers from `address` on, as words of four digits, read by standard Modbus at the first unit. */
  const words = (address: number, quantity = 1, fc = 3, unit = modbus.units[0] ?? 1): string => {
    const head = [fc, address >> 8, address & 255, 0, quantity];
    const pdu = head.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const bytes = ask(request(unit, pdu)).split(' ').slice(3, -2);
    return bytes.join('').replace(/....(?=.)/g, '$& ');
  };
  return { ask, words, lacks };
}
