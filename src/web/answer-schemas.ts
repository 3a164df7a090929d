// What the answers of the gateway look like (`src/model/api`), as JSON Schemas.

import { severities } from '../model/events.ts';
import { rungs } from '../model/freshness.ts';
import { wireStates } from '../model/wire-health.ts';
import type { Schema } from './route.ts';
import {
  anything,
  byId,
  having,
  moment,
  number,
  numberOrNull,
  oneOf,
  only,
  rowOf,
  text,
  whole,
  yesNo,
} from './schemas.ts';

const freshness = only(...rungs);
const severity = only(...severities);
const peak = having({ quantity: text, value: number });
const rows = rowOf(anything);

const reason = having(
  { rule: text, value: number },
  { pack: text, cell: whole, measured: number, since_ms: number },
);

const bank = having(
  {
    sequence: whole,
    evaluated_at_ms: number,
    valid_until_ms: number,
    freshness,
    signals: byId(anything),
    reasons: byId(rowOf(reason)),
    notices: rowOf(text),
  },
  { sample_at_ms: number, stage: only('bulk', 'absorption', 'float', 'stop') },
);

const pack = having(
  { freshness },
  {
    sample_at_ms: number,
    fault: text,
    is_partial: only(true),
    charge_current_limit_A: number,
    discharge_current_limit_A: number,
    rest: having({ what: only('link', 'reading'), until_ms: number, by: text }),
    link: having({ state: text }, { rssi_dBm: number, why: text }),
    reading: byId(anything),
  },
);

const durations = having({ count: whole, max: number }, { p50: number, p99: number });

const wire = having(
  {
    kind: only('rtu', 'tcp', 'ascii', 'kostal', 'can'),
    state: only(...wireStates),
    counts: byId(number),
    asked: rowOf(having({ unit: whole, code: whole, count: whole, refused: whole })),
  },
  { answer_time: durations, masters: whole },
);

const inverter = having(
  { wire: text, voice: only('never', 'heard', 'silent', 'back'), heard: whole, telling: text },
  {
    profile: text,
    heard_at_ms: number,
    heard_per_minute: number,
    beat: durations,
    told: byId(oneOf(number, yesNo)),
    is_polled: only(true),
    told_at_ms: byId(number),
    asks_nothing: only(true),
    sensed: having({ current_A: number, at_ms: number }),
  },
);

const liveEvent = having(
  { kind: text, severity, text, began_ms: number },
  { subject: text, alarm: text, ended_ms: number, over: text, peak, flaps: only(true) },
);

export const liveSchema = having(
  {
    packs: byId(pack),
    wires: byId(wire),
    inverters: byId(inverter),
    events: byId(liveEvent),
    trips: rowOf(liveEvent),
    processes: byId(having({ replaced: whole, dropped: whole })),
  },
  { bank },
);

const strings = rowOf(text);
const foretoldAges = { late_ms: number, lost_ms: number };

export const foretoldSchema = having({
  batteries: strings,
  what: only('link', 'reading'),
  back_ms: number,
  course: oneOf(
    having({ kind: only('nothing') }),
    having({
      kind: only('stale'),
      because: only('every_battery_needed', 'only_string', 'no_other_heard'),
      ...foretoldAges,
      ramp_ms: number,
      inverters: rowOf(having({ id: text, profile: text, wire: text, lost: text })),
    }),
    having({
      kind: only('partly'),
      ...foretoldAges,
      inverters: strings,
      missing: rowOf(
        having({
          string: strings,
          counts: having({ kind: text }, { first_A: number, later_A: number, battery: text }),
        }),
      ),
    }),
  ),
});

const times = { now_ms: number, wall_ms: number };

export const liveMessageSchema = oneOf(
  having({ number: whole, ...times, whole: liveSchema }),
  having({ number: whole, ...times, patch: byId(anything) }),
);
export const stateSchema = having({ ...times, live: liveSchema });
export const talkSchema = having({ ...times, items: rows, skipped: whole, buses: rows });
export const logSchema = having({ wall_ms: number, level: text, text }, { room: text, battery: text });

const pair = (items: Schema): Schema => ({ type: 'array', items, minItems: 2, maxItems: 2 });

export const siteSchema = having(
  {
    version: text,
    gateway: text,
    batteries: rowOf(having({ id: text, bms: text, cells: whole, has_fets: yesNo })),
    strings: rowOf(rowOf(text)),
    envelope: having({
      charge_current_A: number,
      discharge_current_A: number,
      cell_max_V: number,
      cell_min_V: number,
    }),
    chemistry: text,
    cell_range_V: pair(number),
    temperature_range_C: pair(number),
    ages: having(
      { fresh_ms: number, late_ms: number, lost_ms: number, ramp_ms: number },
      { discharge_ms: number },
    ),
    on_partial_loss: text,
    inverters: rowOf(
      having({ id: text, profile: text, title: text, evidence: text, wire: text, lost: text }),
    ),
    has_history: yesNo,
    control: only('none', 'reads', 'any'),
    is_demo: yesNo,
  },
  {},
);

export const courseSchema = having({
  step_ms: number,
  at_ms: rowOf(moment),
  covered_ms: rowOf(number),
  values: byId(rowOf(numberOrNull)),
});

export const pastEventSchema = having(
  { id: text, kind: text, severity, text, began_ms: number },
  {
    subject: text,
    alarm: text,
    ended_ms: number,
    ended_by: only('restart'),
    over: text,
    became: text,
    peak,
    acknowledged: having({ by: text, at_ms: number }),
    snapshot: byId(anything),
  },
);

export const explainedSchema = having({
  inverter: text,
  profile: text,
  files: rowOf(having({ name: text, lines: rowOf(text) })),
  lines: byId(pair(whole)),
  frames: rows,
  windows: rows,
  writable: rowOf(having({ address: whole, length: whole, means: text })),
});

export const trialSchema = having(
  { problems: rowOf(having({ line: whole, column: whole, message: text })) },
  {
    profile: text,
    rows: rowOf(
      having(
        { place: text, now_text: rowOf(text), then_text: rowOf(text), is_changed: yesNo },
        // biome-ignore lint/suspicious/noThenProperty: the bytes then; no promise, and never awaited by itself
        { now: text, then: text },
      ),
    ),
    why: text,
  },
);
