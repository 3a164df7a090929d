// An event as its line of the log.
import { type BankEvent, type EventScope, eventKinds, type Severity } from '../model/events.ts';

export interface EventLine {
  readonly level: 'notice' | 'warn' | 'error';
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

const subjectOf = ({ kind, subject }: BankEvent) => {
  const name = subjectFields[eventKinds[kind].scope];
  return name === undefined || subject === undefined ? {} : { [name]: subject };
};

/** The line of a begin, of a moment, or of an end. */
export function eventLine(event: BankEvent): EventLine {
  const { kind, text, beganAtMs, endedAtMs, peak } = event;
  const { severity, lasts, title } = eventKinds[kind];
  const fields = { ...subjectOf(event), alarm: event.alarm };
  if (!lasts || endedAtMs === undefined)
    return { level: levels[severity], text, fields: { ...fields, ...event.details } };
  return {
    level: 'notice',
    text: `over: ${title}`,
    fields: {
      ...fields,
      lastedS: Math.round((endedAtMs - beganAtMs) / 100) / 10,
      ...(peak && { peak: peak.value, of: peak.quantity }),
    },
  };
}
