import type { Bits, Identity, Slave } from '../modbus/slave.ts';
import type { Taken } from '../modbus/underway.ts';
import type { FaultName } from '../model/alarms.ts';
import { type BankState, dataAgeS } from '../model/bank-state.ts';
import type { Clock, Stamped } from '../model/freshness.ts';
import type { CompiledModbus, CompiledProfile } from '../profile/compile.ts';
import { isIncomplete } from '../profile/encode.ts';
import type { WindowLayout } from '../profile/layout.ts';
import { type RegisterImage, readRegisters } from '../profile/registers.ts';
import {
  emptyStore,
  heartbeatLost,
  keptStore,
  signalsWritten,
  type WriteStore,
  type WriteTable,
  writeRegisters,
  writtenValue,
  writtenWord,
} from '../profile/write-table.ts';
import { type SaidMemory, type SaidState, saidMemory } from './said-memory.ts';
import type { Said } from './telling.ts';

/** One battery on a Modbus wire: the map that a master reads, and what the master has written. */
export interface ModbusVoice {
  readonly slave: Slave;
  /** The same battery at one of its units, where a map has registers that belong to some of them. */
  readonly slaveAt: (unit: number) => Slave;
  /** The inverter's own current, + is charging, if it writes one. */
  readonly outsideCurrentA: () => Stamped<number> | undefined;
  readonly faults: (nowMs: number) => readonly FaultName[];
  readonly written: Written;
  /** What was read of which registers, until a silence. */
  readonly memory: SaidMemory;
}

/** Object ids of FC43/14: 0 vendor, 1 product code, 2 revision. */
const identityOf = ({ vendor, product, revision }: CompiledProfile['identity']): Identity => ({
  serverId: `${vendor} ${product}`,
  objects: new Map([
    [0, vendor],
    [1, product],
    [2, revision],
  ]),
});

/** What the master has written. */
export interface Written {
  readonly table: WriteTable;
  readonly store: WriteStore;
  /** Addresses of the coils that are set. */
  readonly coils: Set<number>;
}

/** Of what was written before, what this map has as well. */
const writtenAnew = (table: WriteTable, before: Written | undefined): Written => ({
  table,
  store: before ? keptStore(table, before) : emptyStore(table),
  coils: new Set(before?.coils),
});

/** The image of the newest state and of the mode that the inverter asks for, made at the first answer after either. */
function imageKeeper(
  modbus: CompiledModbus,
  { table, store }: Written,
  onMissing: (names: readonly string[]) => void,
) {
  let of: BankState | undefined;
  let ofMode: number | undefined;
  let image: RegisterImage | undefined;
  return (state: BankState): RegisterImage | undefined => {
    const asked = signalsWritten(table, store);
    if (of === state && ofMode === asked.inverterMode) return image;
    const made = modbus.image({ ...state.signals, ...asked });
    of = state;
    ofMode = asked.inverterMode;
    image = isIncomplete(made) ? undefined : made;
    onMissing(isIncomplete(made) ? made.missing : []);
    return image;
  };
}

const within = (ranges: CompiledModbus['coils'], address: number, quantity: number): boolean =>
  ranges.some(({ from, to }) => address >= from && address + quantity - 1 <= to);

const sees = ({ functions: [one, other] }: WindowLayout, fc: number): boolean => fc === one || fc === other;

/** Coils keep what was written to them; discrete inputs read 0. Undefined for a map that has neither. */
function bitsOf({ coils, discretes }: CompiledModbus, set: Set<number>): Bits | undefined {
  if (coils.length === 0 && discretes.length === 0) return undefined;
  return {
    read(fc, address, quantity) {
      if (!within(fc === 1 ? coils : discretes, address, quantity)) return undefined;
      return Array.from({ length: quantity }, (_, i) => fc === 1 && set.has(address + i));
    },
    write(address, values) {
      if (!within(coils, address, values.length)) return false;
      for (const [i, value] of values.entries())
        if (value) set.add(address + i);
        else set.delete(address + i);
      return true;
    },
  };
}

/** Keeps what a read told of the bank, once the line took it; what the master wrote itself and reads back is not of it. */
const toldKeeper =
  ({ layouts, writable }: CompiledModbus, store: WriteStore, memory: SaidMemory) =>
  (state: SaidState, fc: number, address: number, quantity: number, unit?: number): Taken => {
    const parts = layouts.flatMap((layout) => {
      const first = Math.max(address, layout.from);
      const next = Math.min(address + quantity, layout.to + 1);
      if (first >= next || !sees(layout, fc)) return [];
      const own = writable.addresses.filter(
        (at) => at >= first && at < next && writtenWord(writable, store, at, unit) !== undefined,
      );
      return { layout, words: { from: first - layout.from, to: next - layout.from }, own };
    });
    return memory.later(() => {
      for (const { layout, words, own } of parts) {
        memory.keep(layout, state, words);
        for (const at of own) memory.drop(layout, at - layout.from);
      }
    });
  };

/** `before`: what was written under the profile before this one. */
export function modbusVoice(
  { identity }: CompiledProfile,
  modbus: CompiledModbus,
  said: Said,
  clock: Clock,
  onMissing: (names: readonly string[]) => void,
  before?: Written,
): ModbusVoice {
  const table = modbus.writable;
  const written = writtenAnew(table, before);
  const { store } = written;
  const imageOf = imageKeeper(modbus, written, onMissing);
  const bits = bitsOf(modbus, written.coils);
  const memory = saidMemory();
  function found(fc: number, address: number, quantity: number, unit?: number): Uint16Array | undefined {
    const nowMs = clock();
    const { state } = said(nowMs);
    const image = state && imageOf(state);
    const by = { table, store, fc, ...(unit !== undefined && { unit }) };
    return image && readRegisters(image, address, quantity, dataAgeS(state, nowMs), by);
  }
  const keep = toldKeeper(modbus, store, memory);
  let underway: Taken | undefined;
  const at = (unit?: number): Slave => ({
    functions: modbus.functions,
    identity: identityOf(identity),
    readHeader: modbus.readHeader,
    ...(bits && { bits }),
    mood() {
      underway = undefined;
      const { telling, state } = said(clock());
      const isSaid = telling.kind === 'say' && state && imageOf(state);
      if (!isSaid) memory.forget();
      if (telling.kind === 'exception') return telling.code;
      return isSaid ? 'answer' : 'silent';
    },
    read: (fc, address, quantity) => found(fc, address, quantity, unit),
    told(fc, address, quantity) {
      const nowMs = clock();
      const { state } = said(nowMs);
      underway = state && keep({ value: state.signals, atMs: nowMs }, fc, address, quantity, unit);
    },
    taken: () => underway,
    write(address, values) {
      if (writeRegisters(table, store, address, values, clock(), unit)) return true;
      return found(3, address, values.length, unit) ? modbus.refusal : false;
    },
  });
  const slave = at();
  const apart = table.units.some((units) => units !== undefined);
  return {
    slave,
    slaveAt: (unit) => (apart ? at(unit) : slave),
    written,
    memory,
    outsideCurrentA() {
      const current = writtenValue(table, store, 'inverter_current');
      return current && { value: current.value, atMs: current.writtenAtMs };
    },
    faults: (nowMs) => (heartbeatLost(table, store, nowMs) ? ['inverter_heartbeat_lost'] : []),
  };
}
