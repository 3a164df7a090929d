import type { EventGround } from './event-ground.ts';

/** How the configuration says that an inverter is not served, and that a good copy of a file is in force. */
const NOT_SERVED = /^inverter `(.+?)` is not served: /;
const GOOD_COPY = / is in force\)$/;

const sourceOf = (inverter: string): string => `serving ${inverter}`;

function putDown(text: string, { ledger, clock }: EventGround): void {
  const [, subject] = NOT_SERVED.exec(text) ?? [];
  if (subject !== undefined)
    ledger.hold(sourceOf(subject), [{ kind: 'inverter_unserved', subject, about: text, text }], clock());
  else if (GOOD_COPY.test(text))
    ledger.hold(`copy: ${text}`, [{ kind: 'good_copy_in_force', about: text, text }], clock());
  else ledger.moment({ kind: 'remark', text }, clock());
}

/** What an installer must read, one sentence each: what lasts is an event until it is over, all else is said once. */
export function putDownRemarks(remarks: readonly string[], ground: EventGround): void {
  for (const remark of remarks) putDown(remark, ground);
}

/** The inverter is served, whatever kept it from it. */
export function putDownServed(inverter: string, { ledger, clock }: EventGround): void {
  ledger.hold(sourceOf(inverter), [], clock());
  ledger.moment({ kind: 'inverter_served', subject: inverter, text: 'inverter is served' }, clock());
}
