import { type BusEvent, type CanBus, openBus } from '../can/bus.ts';
import type { CanLine } from '../can/port.ts';
import type { InverterPlan, Wire } from '../config/inverters.ts';
import type { LinkState } from '../modbus/link.ts';
import { serveRtu } from '../modbus/rtu.ts';
import type { Slave } from '../modbus/slave.ts';
import { serveTcp } from '../modbus/tcp.ts';
import { canOutput } from './can-output.ts';
import { type Ground, modbusOutput, type Output } from './output.ts';
import { serialOutput, serveCodec } from './serial-voice.ts';

/** The inverters of one wire and the wire itself. */
export interface OpenWire {
  readonly plans: readonly InverterPlan[];
  readonly outputs: readonly Output[];
  /** Ends the beats, then the wire. */
  readonly close: () => void;
}

/** A wire before it is bound to its plans: what carries the outputs. */
type Carrier = Omit<OpenWire, 'plans'>;

export interface OutputsGround extends Ground {
  /** Where a CAN interface of this name is opened: SocketCAN, or a bus in memory. */
  readonly canLine: (name: string, plans: readonly InverterPlan[]) => CanLine;
}

/** One cable, however many inverters hang on it. */
export const sameWire = (a: Wire, b: Wire): boolean => a.kind === b.kind && a.name === b.name;

/** Plans by wire, in the order of the file. */
function byWire(plans: readonly InverterPlan[]): InverterPlan[][] {
  const groups: InverterPlan[][] = [];
  for (const plan of plans) {
    const group = groups.find(([first]) => first && sameWire(first.wire, plan.wire));
    if (group) group.push(plan);
    else groups.push([plan]);
  }
  return groups;
}

/** A CAN line's change of state as a line of the log. */
function tellBus({ onChange }: Ground, event: BusEvent): void {
  const { bus, kind } = event;
  const trouble = 'why' in event ? { why: event.why, remedy: event.remedy } : {};
  const broken = kind === 'unavailable' || kind === 'bus-off';
  const level = broken ? 'error' : 'why' in event ? 'warn' : 'notice';
  onChange({ level, text: `CAN ${kind}`, fields: { bus, ...trouble } });
}

type Line = Exclude<Wire, { kind: 'can' }>;

function tellLink({ onChange }: Ground, line: Line, state: LinkState): void {
  const fields = { line: line.name, why: state.kind === 'unavailable' ? state.why : undefined };
  const level = state.kind === 'unavailable' ? 'error' : 'notice';
  const what = line.kind === 'serial' && line.codec ? line.codec : 'Modbus';
  onChange({ level, text: `${what} ${state.kind}`, fields });
}

function openCan(name: string, plans: readonly InverterPlan[], ground: OutputsGround): Carrier {
  const bus: CanBus = openBus({
    line: ground.canLine(name, plans),
    clock: ground.clock,
    after: ground.after,
    onEvent: (event) => tellBus(ground, event),
    onFrame: (frame, atMs) => {
      for (const output of outputs) output.frame(frame, atMs);
    },
  });
  const outputs = plans.flatMap((plan) => canOutput(plan, bus, ground) ?? []);
  return { outputs, close: () => bus.close() };
}

/** Every unit id of the line, with the output that answers as it. */
function unitsOf(plans: readonly InverterPlan[], ground: Ground) {
  const outputs = plans.flatMap((plan) => modbusOutput(plan, ground) ?? []);
  const byUnit = new Map(
    plans.flatMap((plan, i) => {
      const output = outputs[i];
      return output && plan.wire.kind !== 'can' ? plan.wire.units.map((unit) => [unit, output] as const) : [];
    }),
  );
  const slaves = new Map<number, Slave>([...byUnit].map(([unit, { slave }]) => [unit, slave]));
  const onRequest = (atMs: number, unit: number) => byUnit.get(unit)?.hearing.heard(atMs);
  return { outputs, slaves, onRequest };
}

/** What the gateway hears of a line of either kind. */
const lineHooks = (line: Line, ground: Ground) => ({
  clock: ground.clock,
  onState: (state: LinkState) => tellLink(ground, line, state),
  onFault: (error: unknown) =>
    ground.onChange({
      level: 'error',
      text: 'answer failed',
      fields: { line: line.name, why: String(error) },
    }),
});

function openModbus(line: Line, plans: readonly InverterPlan[], ground: Ground): Carrier {
  const { outputs, slaves, onRequest } = unitsOf(plans, ground);
  const hooks = { ...lineHooks(line, ground), onRequest };
  const link =
    line.kind === 'serial'
      ? serveRtu({ ...line, path: line.name }, slaves, hooks)
      : serveTcp({ host: line.host, port: line.port }, slaves, hooks);
  return { outputs, close: () => link.close() };
}

type SerialLine = Extract<Wire, { kind: 'serial' }>;

function openCodec(line: SerialLine, plans: readonly InverterPlan[], ground: Ground): Carrier {
  const outputs = plans.flatMap((plan) => serialOutput(plan, ground) ?? []);
  const link = serveCodec({ ...line, path: line.name }, outputs, lineHooks(line, ground));
  return { outputs, close: () => link.close() };
}

function openLine(line: Line, plans: readonly InverterPlan[], ground: Ground): Carrier {
  return line.kind === 'serial' && line.codec
    ? openCodec(line, plans, ground)
    : openModbus(line, plans, ground);
}

/** Opens one wire for the plans that share it. What cannot be opened is told and tried again. */
export function openWire(wire: Wire, plans: readonly InverterPlan[], ground: OutputsGround): OpenWire {
  const carrier = wire.kind === 'can' ? openCan(wire.name, plans, ground) : openLine(wire, plans, ground);
  return {
    plans,
    outputs: carrier.outputs,
    close() {
      for (const output of carrier.outputs) output.stop();
      carrier.close();
    },
  };
}

/** Opens every wire that the plans name, each by itself: one that is missing holds up no other. */
export const openWires = (plans: readonly InverterPlan[], ground: OutputsGround): OpenWire[] =>
  byWire(plans).flatMap((group) => (group[0] ? openWire(group[0].wire, group, ground) : []));
