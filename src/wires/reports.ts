import { earReport } from '../ble/heard-orders.ts';
import type { EarReport } from '../ble/orders.ts';
import type { Condition } from '../events/ledger.ts';
import type { Evaluating } from './evaluation.ts';
import type { EventGround } from './event-ground.ts';
import { tallyRejections } from './rejections.ts';
import type { Said } from './said.ts';

/** What became of a person's command. */
export type Commanded = Extract<EarReport, { type: 'commanded' }>;
type Link = Extract<EarReport, { type: 'link' }>;

const linkWords: { readonly [S in Link['state']]: Omit<Said, 'fields'> } = {
  found: { level: 'notice', text: 'battery found' },
  connecting: { level: 'debug', text: 'battery is being connected' },
  connected: { level: 'notice', text: 'battery connected' },
  lost: { level: 'warn', text: 'link to battery lost' },
  resting: { level: 'debug', text: 'link given back to the next battery' },
  'let go': { level: 'notice', text: 'link to battery let go: a person lets it rest' },
};

type Recovery = Extract<EarReport, { type: 'recovery' }>;

type Adapter = Extract<EarReport, { type: 'adapter' }>;

/** A remedy is a moment; the last one, after which the stand-in reads, lasts until the next start. */
function putDownRecovery(
  { ledger, clock }: EventGround,
  { radio, battery, rung, outcome, why }: Recovery,
): void {
  const line = `recovery: ${rung} ${outcome}`;
  const text = [`${line} for ${battery}`, why].filter(Boolean).join(': ');
  const what = { subject: radio, line, text, details: { battery, why } };
  if (rung === 'stand-in' && outcome === 'tried')
    ledger.hold(`stand-in of ${radio}`, [{ ...what, kind: 'radio_stand_in' }], clock());
  else ledger.moment({ ...what, kind: 'link_recovery' }, clock());
}

/** Down for another reason is another event. */
const radioDown = ({ radio, state, why }: Adapter): Condition => ({
  kind: 'radio_down',
  subject: radio,
  about: `${state} ${why ?? ''}`,
  line: `radio ${state}`,
  text: [`radio ${radio} ${state}`, why].filter(Boolean).join(': '),
  details: { why },
});

/** Takes what the ear says: samples to the evaluation, what happens to the ledger, all else to the log. */
export function takeReports(
  evaluation: () => Evaluating,
  ground: EventGround,
  say: (said: Said) => void,
  heardBack: (result: Commanded) => void = () => {},
) {
  const { ledger, clock } = ground;
  const down = new Set<string>();
  const reject = tallyRejections(clock, say);
  const takers: { readonly [T in EarReport['type']]: (report: Extract<EarReport, { type: T }>) => void } = {
    sample({ battery, atMs, reading }) {
      const refused = evaluation().hear(battery, { atMs, reading });
      if (refused) reject(battery, `sample ${refused}`, 1);
    },
    link({ battery, state, why, rssiDbm, inTurn }) {
      const words = linkWords[state];
      say({ ...words, level: inTurn ? 'debug' : words.level, fields: { battery, why, rssiDbm } });
    },
    recovery: (report) => putDownRecovery(ground, report),
    rejected: ({ battery, why, count }) => reject(battery, why, count),
    adapter(report) {
      const { radio, state, why } = report;
      if (state !== 'ready') down.add(radio);
      else if (!down.delete(radio)) say({ level: 'notice', text: 'radio ready', fields: { radio, why } });
      ledger.hold(`radio ${radio}`, state === 'ready' ? [] : [radioDown(report)], clock());
    },
    commanded: heardBack,
    notice: ({ battery, text }) => say({ level: 'notice', text, fields: { battery } }),
  };
  return (message: unknown): void => {
    const report = earReport(message);
    // The table above has one taker for each type, of exactly that type.
    if (report) (takers[report.type] as (r: EarReport) => void)(report);
    else say({ level: 'warn', text: 'a report of the ear was not understood', fields: {} });
  };
}
