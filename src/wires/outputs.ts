import { isDeepStrictEqual } from 'node:util';
import { type CanBus, openBus } from '../can/bus.ts';
import type { CanLine } from '../can/port.ts';
import type { InverterPlan, Wire } from '../config/inverters.ts';
import { serveRtu } from '../modbus/rtu.ts';
import { serveTcp } from '../modbus/tcp.ts';
import { type CanFrame, frameKey } from '../model/can-frame.ts';
import type { WireHealth } from '../model/wire-health.ts';
import { canOutput } from './can-output.ts';
import type { Leavings } from './left.ts';
import { busNumbers, kindOf, type Line, lineHooks, tellBus, type WireNumbers } from './line-words.ts';
import { type Ground, inverterHealth, type Output } from './output.ts';
import { serialOutput, serveCodec } from './serial-voice.ts';
import { replaced, unitsOf } from './units.ts';

/** The inverters of one wire and the wire itself. */
export interface OpenWire {
  readonly plans: readonly InverterPlan[];
  readonly outputs: readonly Output[];
  /** Puts this plan in the place of the one of the same inverter. False where the wire must be opened anew for it. */
  readonly exchange: (plan: InverterPlan) => boolean;
  /** What the outputs leave to those that come after them, by inverter. */
  readonly left: () => Leavings;
  /** The wire as numbers, now. */
  readonly health: (nowMs: number) => WireHealth;
  /** Ends the beats, then the wire. */
  readonly close: () => void;
}

/** A wire before it is bound to its plans: what carries the outputs. */
interface Carrier extends Pick<OpenWire, 'outputs' | 'exchange' | 'close'> {
  readonly numbers: () => WireNumbers;
}

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

const idsHeard = ({ compiled }: InverterPlan): string[] => (compiled.can?.receives ?? []).map(frameKey);

function openCan(
  name: string,
  plans: readonly InverterPlan[],
  ground: OutputsGround,
  left: Leavings,
): Carrier {
  const { tape } = ground;
  const opened: CanBus = openBus({
    line: ground.canLine(name, plans),
    clock: ground.clock,
    after: ground.after,
    onEvent: (event) => tellBus(ground, event),
    onFrame: (frame, atMs) => {
      tape?.frame(atMs, name, '<', frame);
      for (const output of outputs) output.frame(frame, atMs);
    },
    onFlow: () => {
      for (const output of outputs) output.urgent();
    },
  });
  const bus = {
    send(frame: CanFrame): boolean {
      const isTaken = opened.send(frame);
      if (isTaken) tape?.frame(ground.clock(), name, '>', frame);
      return isTaken;
    },
  };
  const outputs = plans.flatMap((plan) => canOutput(plan, bus, ground, left.get(plan.id)) ?? []);
  /** The line lets nothing else through. */
  const heard = new Set(plans.flatMap(idsHeard));
  return {
    outputs,
    exchange: (plan) =>
      idsHeard(plan).every((id) => heard.has(id)) &&
      replaced(outputs, plan, (before) => canOutput(plan, bus, ground, before)) !== undefined,
    numbers: () => busNumbers(opened),
    close: () => opened.close(),
  };
}

function openModbus(line: Line, plans: readonly InverterPlan[], ground: Ground, left: Leavings): Carrier {
  const { outputs, slaves, exchange, hooks: own } = unitsOf(plans, ground, left);
  const { state, ...words } = lineHooks(line, ground);
  const hooks = { ...words, ...own };
  const link =
    line.kind === 'serial'
      ? serveRtu({ ...line, path: line.name }, slaves, hooks)
      : serveTcp({ host: line.host, port: line.port }, slaves, hooks);
  const numbers = () => ({ kind: kindOf(line), state: state(), ...link.numbers() });
  return { outputs, exchange, numbers, close: () => link.close() };
}

type SerialLine = Extract<Wire, { kind: 'serial' }>;
type CodecLine = SerialLine & Required<Pick<SerialLine, 'codec'>>;

function openCodec(line: CodecLine, plans: readonly InverterPlan[], ground: Ground, left: Leavings): Carrier {
  const outputs = plans.flatMap((plan) => serialOutput(plan, ground, left.get(plan.id)) ?? []);
  const { state, ...hooks } = lineHooks(line, ground);
  const link = serveCodec(line.codec, { ...line, path: line.name }, outputs, hooks);
  return {
    outputs,
    exchange: (plan) => replaced(outputs, plan, (before) => serialOutput(plan, ground, before)) !== undefined,
    numbers: () => ({ kind: kindOf(line), state: state(), ...link.numbers() }),
    close: () => link.close(),
  };
}

const hasCodec = (line: Line): line is CodecLine => line.kind === 'serial' && line.codec !== undefined;

function openLine(line: Line, plans: readonly InverterPlan[], ground: Ground, left: Leavings): Carrier {
  return hasCodec(line) ? openCodec(line, plans, ground, left) : openModbus(line, plans, ground, left);
}

/**
 * Opens one wire for the plans that share it. What cannot be opened is told and tried again. `left`: what the outputs left
 * that were there before.
 */
export function openWire(
  wire: Wire,
  plans: readonly InverterPlan[],
  ground: OutputsGround,
  left: Leavings = new Map(),
): OpenWire {
  const carrier =
    wire.kind === 'can' ? openCan(wire.name, plans, ground, left) : openLine(wire, plans, ground, left);
  const inForce = [...plans];
  // What stood on this wire before goes on with what it left; a box begins anew here.
  for (const plan of plans) if (left.has(plan.id)) ground.tape?.profile(plan);
  return {
    plans: inForce,
    outputs: carrier.outputs,
    left: () => new Map(carrier.outputs.map((output) => [output.id, output.left()])),
    health: (nowMs) => ({
      ...carrier.numbers(),
      name: wire.name,
      inverters: carrier.outputs.map((output) => inverterHealth(output, nowMs)),
    }),
    exchange(plan) {
      const at = inForce.findIndex(({ id }) => id === plan.id);
      const old = inForce[at];
      if (!old || !isDeepStrictEqual(old.wire, plan.wire) || !carrier.exchange(plan)) return false;
      inForce[at] = plan;
      ground.tape?.profile(plan);
      return true;
    },
    close() {
      for (const output of carrier.outputs) output.stop();
      carrier.close();
    },
  };
}

/** Opens every wire that the plans name, each by itself: one that is missing holds up no other. */
export const openWires = (plans: readonly InverterPlan[], ground: OutputsGround): OpenWire[] =>
  byWire(plans).flatMap((group) => (group[0] ? openWire(group[0].wire, group, ground) : []));
