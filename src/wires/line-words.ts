import type { BusEvent, CanBus } from '../can/bus.ts';
import type { Wire } from '../config/inverters.ts';
import type { Condition } from '../events/ledger.ts';
import type { LinkState } from '../modbus/link.ts';
import type { WireHealth, WireState } from '../model/wire-health.ts';
import type { EventGround } from './event-ground.ts';

/** A wire as numbers, before its name and its inverters are known. */
export type WireNumbers = Omit<WireHealth, 'name' | 'inverters'>;

/** A wire that is not CAN. */
export type Line = Exclude<Wire, { kind: 'can' }>;

/** What is known of a wire that does not do what it should. */
interface WireTrouble {
  readonly kind: 'wire_down' | 'wire_troubled';
  /** `CAN no-ack`. */
  readonly line: string;
  readonly why: string;
  readonly remedy?: string;
}

function trouble(wire: string, { kind, line, why, remedy }: WireTrouble): Condition {
  const text = [`${line} on ${wire}: ${why}`, remedy].filter(Boolean).join('; ');
  return { kind, subject: wire, about: line, line, text, details: { why, remedy } };
}

/** Of a wire as a whole: that it is open, away, troubled, or back. `what`: `CAN`, `Modbus` or the codec that it carries. */
function tellWire(
  { ledger, clock }: EventGround,
  wire: string,
  what: string,
  now: WireTrouble | 'open' | 'back',
) {
  const source = `wire ${wire}`;
  if (typeof now === 'object') return ledger.hold(source, [trouble(wire, now)], clock());
  ledger.hold(source, [], clock(), `${what} ${now}`);
  if (now === 'open') ledger.moment({ kind: 'wire_open', subject: wire, text: `${what} open` }, clock());
}

/** A CAN line's change of state. */
export function tellBus(ground: EventGround, event: BusEvent): void {
  const { bus } = event;
  if (!('why' in event)) {
    tellWire(ground, bus, 'CAN', event.kind);
    return;
  }
  const { kind, why, remedy } = event;
  const isDown = kind === 'unavailable' || kind === 'bus-off';
  tellWire(ground, bus, 'CAN', {
    kind: isDown ? 'wire_down' : 'wire_troubled',
    line: `CAN ${kind}`,
    why,
    remedy,
  });
}

/** A CAN line as numbers. */
export const busNumbers = (bus: Pick<CanBus, 'trouble' | 'counters'>): WireNumbers => ({
  kind: 'can',
  state: bus.trouble()?.kind ?? 'open',
  counts: { ...bus.counters },
  asked: [],
  askedOthers: 0,
});

function tellLink(ground: EventGround, line: Line, state: LinkState): void {
  const what = line.kind === 'serial' && line.codec ? line.codec : 'Modbus';
  const now =
    state.kind === 'unavailable'
      ? { kind: 'wire_down' as const, line: `${what} unavailable`, why: state.why }
      : state.kind;
  tellWire(ground, line.name, what, now);
}

export function kindOf(line: Line): WireHealth['kind'] {
  if (line.kind === 'tcp') return 'tcp';
  return line.codec === undefined ? 'rtu' : line.codec === 'kostal' ? 'kostal' : 'ascii';
}

/** What the gateway hears of a line of either kind, and the state that it is in. */
export function lineHooks(line: Line, ground: EventGround) {
  let state: WireState = 'opening';
  return {
    clock: ground.clock,
    onState(now: LinkState) {
      state = now.kind === 'unavailable' ? 'unavailable' : 'open';
      tellLink(ground, line, now);
    },
    onFault(error: unknown) {
      const why = String(error);
      const said = 'answer failed';
      ground.ledger.moment(
        { kind: 'answer_failed', subject: line.name, line: said, text: `${said}: ${why}`, details: { why } },
        ground.clock(),
      );
    },
    state: () => state,
  };
}
