import type { Identity, Slave } from '../modbus/slave.ts';
import type { FaultName } from '../model/alarms.ts';
import { type BankState, dataAgeS } from '../model/bank-state.ts';
import type { Clock, Stamped } from '../model/freshness.ts';
import type { CompiledModbus, CompiledProfile } from '../profile/compile.ts';
import { isIncomplete } from '../profile/encode.ts';
import { type RegisterImage, readRegisters } from '../profile/registers.ts';
import { emptyStore, heartbeatLost, writeRegisters, writtenValue } from '../profile/write-table.ts';
import type { Said } from './telling.ts';

/** One battery on a Modbus wire: the map that a master reads, and what the master has written. */
export interface ModbusVoice {
  readonly slave: Slave;
  /** The inverter's own current, + is charging, if it writes one. */
  readonly outsideCurrentA: () => Stamped<number> | undefined;
  readonly faults: (nowMs: number) => readonly FaultName[];
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

/** The image of the newest state, made at the first answer after it: one state, one image. */
function imageKeeper(modbus: CompiledModbus, onMissing: (names: readonly string[]) => void) {
  let of: BankState | undefined;
  let image: RegisterImage | undefined;
  return (state: BankState): RegisterImage | undefined => {
    if (of === state) return image;
    const made = modbus.image(state.signals);
    of = state;
    image = isIncomplete(made) ? undefined : made;
    onMissing(isIncomplete(made) ? made.missing : []);
    return image;
  };
}

export function modbusVoice(
  { identity }: CompiledProfile,
  modbus: CompiledModbus,
  said: Said,
  clock: Clock,
  onMissing: (names: readonly string[]) => void,
): ModbusVoice {
  const table = modbus.writable;
  const store = emptyStore(table);
  const imageOf = imageKeeper(modbus, onMissing);
  const slave: Slave = {
    functions: modbus.functions,
    identity: identityOf(identity),
    mood() {
      const { telling, state } = said(clock());
      if (telling.kind === 'exception') return telling.code;
      return telling.kind === 'say' && state && imageOf(state) ? 'answer' : 'silent';
    },
    read(_fc, address, quantity) {
      const nowMs = clock();
      const { state } = said(nowMs);
      const image = state && imageOf(state);
      return image && readRegisters(image, address, quantity, dataAgeS(state, nowMs), { table, store });
    },
    write: (address, values) => writeRegisters(table, store, address, values, clock()),
  };
  return {
    slave,
    outsideCurrentA() {
      const written = writtenValue(table, store, 'inverter_current');
      return written && { value: written.value, atMs: written.writtenAtMs };
    },
    faults: (nowMs) => (heartbeatLost(store, nowMs) ? ['inverter_heartbeat_lost'] : []),
  };
}
