// The inverters of one Modbus line by the units that they are asked as.
import type { InverterPlan } from '../config/inverters.ts';
import type { Slave } from '../modbus/slave.ts';
import type { Leavings, Left } from './left.ts';
import { type Ground, type ModbusOutput, modbusOutput, type Output } from './output.ts';

/** Puts a new output in the place of that of the same inverter, and gives it. */
export function replaced<O extends Output>(
  outputs: O[],
  { id }: InverterPlan,
  make: (left: Left) => O | undefined,
): O | undefined {
  const at = outputs.findIndex((output) => output.id === id);
  const old = outputs[at];
  const next = old && make(old.left());
  if (!next) return undefined;
  old.stop();
  outputs[at] = next;
  return next;
}

/** Every unit id of the line, with the output that answers as it. */
export function unitsOf(plans: readonly InverterPlan[], ground: Ground, left: Leavings) {
  let readAtMs = 0;
  const clock = () => {
    readAtMs = ground.clock();
    return readAtMs;
  };
  const own: Ground = { ...ground, clock };
  const byUnit = new Map<number, ModbusOutput>();
  const slaves = new Map<number, Slave>();
  function answerAs({ wire }: InverterPlan, output: ModbusOutput): void {
    for (const unit of wire.kind === 'can' ? [] : wire.units) {
      byUnit.set(unit, output);
      slaves.set(unit, output.slaveAt(unit));
    }
  }
  const outputs = plans.flatMap((plan) => {
    const output = modbusOutput(plan, own, left.get(plan.id));
    if (output) answerAs(plan, output);
    return output ?? [];
  });
  function exchange(plan: InverterPlan): boolean {
    const output = replaced(outputs, plan, (before) => modbusOutput(plan, own, before));
    if (output) answerAs(plan, output);
    return output !== undefined;
  }
  let heardAtMs = 0;
  const onRequest = (atMs: number) => {
    heardAtMs = atMs;
  };
  /** Stamped with the moment that the answer was made for; of a request to all units each inverter has its own. */
  function onObeyed(unit: number, request: Uint8Array, reply: Uint8Array | undefined): void {
    const asked = unit === 0 ? outputs : [byUnit.get(unit)];
    for (const output of asked) if (output) ground.tape?.asked(readAtMs, output.id, { unit, request, reply });
    // An event asks the clock, too: it comes last.
    if (unit !== 0) byUnit.get(unit)?.asked(heardAtMs, request, reply);
  }
  return { outputs, slaves, exchange, hooks: { onRequest, onObeyed } };
}
