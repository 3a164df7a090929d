// An event as its line of the log.
import { type BankEvent, type EventScope, eventKinds, type Severity, severities } from '../model/events.ts';
import { overWords } from './words.ts';

export interface EventLine {
  readonly level: 'debug' | 'notice' | 'warn' | 'error';
  readonly text: string;
  readonly fields: Readonly<Record<string, string | number | undefined>>;
}

const levels: { readonly [S in Severity]: EventLine['level'] } = {
  info: 'notice',
  warning: 'warn',
  alarm: 'error',
};

const subjectFields: { readonly [S in EventScope]?: string } = {
  battery: 'battery',
  inverter: 'inverter',
  wire: 'line',
  radio: 'radio',
};

function whose({ kind, subject, alarm }: BankEvent): EventLine['fields'] {
  const name = subjectFields[eventKinds[kind].scope];
  return {
    ...(name !== undefined && subject !== undefined && { [name]: subject }),
    ...(alarm !== undefined && { [kind === 'warning' ? 'warning' : 'alarm']: alarm }),
  };
}

/** What became of it is at least as bad, and has its own line. */
const gotWorse = ({ kind, became }: BankEvent): boolean =>
  became !== undefined &&
  severities.indexOf(eventKinds[became].severity) >= severities.indexOf(eventKinds[kind].severity);

/** Seconds to a tenth. */
const lastedS = ({ beganAtMs, endedAtMs = beganAtMs }: BankEvent): number =>
  Math.round((endedAtMs - beganAtMs) / 100) / 10;

/** How it ended; what got worse has not. */
const overText = (event: BankEvent): string =>
  event.over ?? (gotWorse(event) ? undefined : overWords[event.kind]) ?? `over: ${event.line ?? event.text}`;

function overLine(event: BankEvent): EventLine {
  const { peak } = event;
  return {
    level: gotWorse(event) ? 'debug' : 'notice',
    text: overText(event),
    fields: {
      ...whose(event),
      lastedS: lastedS(event),
      ...(peak && { peak: peak.value, of: peak.quantity }),
    },
  };
}

/** The line of its begin, of its end, or of a moment. */
export function eventLine(event: BankEvent): EventLine {
  const { kind, text, line = text, endedAtMs, details, flaps } = event;
  const { severity, lasts } = eventKinds[kind];
  if (lasts && endedAtMs !== undefined) return overLine(event);
  return {
    level: levels[severity],
    text: flaps && line !== text ? `${line}; it comes and goes` : line,
    fields: { ...whose(event), ...details },
  };
}
