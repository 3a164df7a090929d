import type { BusEvent, CanBus } from '../can/bus.ts';
import type { Wire } from '../config/inverters.ts';
import type { LinkState } from '../modbus/link.ts';
import type { WireHealth, WireState } from '../model/wire-health.ts';
import type { Ground } from './output.ts';

/** A wire as numbers, before its name and its inverters are known. */
export type WireNumbers = Omit<WireHealth, 'name' | 'inverters'>;

/** A wire that is not CAN. */
export type Line = Exclude<Wire, { kind: 'can' }>;

/** A CAN line's change of state as a line of the log. */
export function tellBus({ onChange }: Ground, event: BusEvent): void {
  const { bus, kind } = event;
  const trouble = 'why' in event ? { why: event.why, remedy: event.remedy } : {};
  const broken = kind === 'unavailable' || kind === 'bus-off';
  const level = broken ? 'error' : 'why' in event ? 'warn' : 'notice';
  onChange({ level, text: `CAN ${kind}`, fields: { bus, ...trouble } });
}

/** A CAN line as numbers. */
export const busNumbers = (bus: Pick<CanBus, 'trouble' | 'counters'>): WireNumbers => ({
  kind: 'can',
  state: bus.trouble()?.kind ?? 'open',
  counts: { ...bus.counters },
  asked: [],
  askedOthers: 0,
});

function tellLink({ onChange }: Ground, line: Line, state: LinkState): void {
  const fields = { line: line.name, why: state.kind === 'unavailable' ? state.why : undefined };
  const level = state.kind === 'unavailable' ? 'error' : 'notice';
  const what = line.kind === 'serial' && line.codec ? line.codec : 'Modbus';
  onChange({ level, text: `${what} ${state.kind}`, fields });
}

export function kindOf(line: Line): WireHealth['kind'] {
  if (line.kind === 'tcp') return 'tcp';
  return line.codec === undefined ? 'rtu' : line.codec === 'kostal' ? 'kostal' : 'ascii';
}

/** What the gateway hears of a line of either kind, and the state that it is in. */
export function lineHooks(line: Line, ground: Ground) {
  let state: WireState = 'opening';
  return {
    clock: ground.clock,
    onState(now: LinkState) {
      state = now.kind === 'unavailable' ? 'unavailable' : 'open';
      tellLink(ground, line, now);
    },
    onFault: (error: unknown) =>
      ground.onChange({
        level: 'error',
        text: 'answer failed',
        fields: { line: line.name, why: String(error) },
      }),
    state: () => state,
  };
}
