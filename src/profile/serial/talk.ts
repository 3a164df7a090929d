import type { LeadSpec } from './schema.ts';

/** Where the talk with an inverter stands: its phase, and what was answered in it. */
export interface Talk {
  readonly phase: string | undefined;
  /** Answers to each question since the phase began. */
  readonly answered: ReadonlyMap<number, number>;
}

/** Of a protocol without phases there is only one, without a name. */
export const newTalk = (phases: readonly string[] | undefined): Talk => ({
  phase: phases?.[0],
  answered: new Map(),
});

const leadsOn = ({ from, after }: LeadSpec, { phase }: Talk, times: number): boolean =>
  times >= after && (from === undefined || (phase !== undefined && from.includes(phase)));

/** The talk after one more answer to this question. */
export function answered(talk: Talk, ask: number, leads: readonly LeadSpec[]): Talk {
  const times = (talk.answered.get(ask) ?? 0) + 1;
  const lead = leads.find((l) => leadsOn(l, talk, times));
  return lead
    ? { phase: lead.to, answered: new Map() }
    : { ...talk, answered: new Map(talk.answered).set(ask, times) };
}
