import { countsOf, shapes } from '../../bytes/field.ts';
import { type SignalName, signalSpec } from '../../model/signals.ts';
import type { NumberSlot } from '../layout.ts';
import { invalidRaw, roundingOf } from '../number.ts';
import { plausibleRange } from '../plausible.ts';
import { type Finding, found } from './finding.ts';

/** What the place must be able to hold once the number is bounded, halved or counted round. */
function neededRange({ from, modulo, half, min, max }: NumberSlot): readonly [number, number] {
  if (modulo !== undefined) return [0, modulo - 1];
  const [low, high] = plausibleRange(from);
  const bounded = (n: number) => Math.min(max ?? n, Math.max(min ?? n, n));
  return [bounded(half ? 0 : low), bounded(high)];
}

/** `60 V`; plain counts have no unit. */
const withUnit = (name: SignalName, value: number): string =>
  [value, signalSpec(name).unit].filter((part) => part !== undefined).join(' ');

function tooNarrow(slot: NumberSlot): Finding[] {
  const { min, max } = shapes[slot.as];
  const edges = [min * slot.scale + slot.offset, max * slot.scale + slot.offset].sort((a, b) => a - b);
  const [low = 0, high = 0] = edges;
  const [needLow, needHigh] = neededRange(slot);
  if (low <= needLow && high >= needHigh) return [];
  const round = (n: number) => Number(n.toPrecision(6));
  return [
    found(
      slot.path,
      `\`${slot.as}\` with scale ${slot.scale}${slot.offset ? ` and offset ${slot.offset}` : ''} holds ${round(low)} to ${withUnit(slot.from, round(high))}, \`${slot.from}\` needs ${needLow} to ${withUnit(slot.from, needHigh)}; take a wider type or a larger scale`,
    ),
  ];
}

export function numberFindings(slot: NumberSlot): Finding[] {
  const { unit } = signalSpec(slot.from);
  const says = slot.unit;
  return [
    ...(says !== undefined && says !== unit
      ? [
          found(
            [...slot.path, 'unit'],
            `\`${slot.from}\` is in ${unit ?? 'plain counts'}, not ${says}; leave \`unit\` out and let \`scale\` say what one count is worth${unit ? ` in ${unit}` : ''}`,
          ),
        ]
      : []),
    ...(slot.unknown === 'invalid' && invalidRaw(slot.as) === undefined
      ? [
          found(
            [...slot.path, 'unknown'],
            `a single byte has no code for "invalid"; write the number that is sent when \`${slot.from}\` is unknown`,
          ),
        ]
      : []),
    ...unsafeUnknown(slot),
    ...unsafeTreatment(slot),
    ...halfFindings(slot),
    ...tooNarrow(slot),
    ...tooCoarse(slot),
    ...misfits(slot),
    ...forbidden(slot),
  ];
}

/** Counts so large that what happens every day is told as 0. */
const MOST_OF_RANGE = 0.1;

function tooCoarse({ from, as, scale, path }: NumberSlot): Finding[] {
  const [low, high] = plausibleRange(from);
  const reach = Math.max(-low, high);
  return !shapes[as].whole || Math.abs(scale) <= reach * MOST_OF_RANGE
    ? []
    : [
        found(
          [...path, 'scale'],
          `one count is worth ${scale}, but \`${from}\` hardly ever passes ${withUnit(from, reach)}; take a smaller scale`,
        ),
      ];
}

const countsOfSlot = (slot: NumberSlot, value: number): number =>
  countsOf({ scale: slot.scale, offset: slot.offset, round: roundingOf(slot) }, value);

/** Numbers of the file itself that the place would tell as another one. */
function misfits(slot: NumberSlot): Finding[] {
  const { unknown, instead = [], path, as } = slot;
  const { min, max } = shapes[as];
  const written = [
    { value: unknown, at: [...path, 'unknown'] },
    ...instead.map(({ value }, i) => ({ value, at: [...path, 'instead', i, 'value'] })),
  ];
  return written.flatMap(({ value, at }) =>
    typeof value !== 'number' || (countsOfSlot(slot, value) >= min && countsOfSlot(slot, value) <= max)
      ? []
      : [found(at, `${value} does not fit here; \`${as}\` would tell another number in its place`)],
  );
}

const mustReachZero: readonly SignalName[] = [
  'charge_current_limit_A',
  'discharge_current_limit_A',
  'charge_power_limit_W',
  'discharge_power_limit_W',
];

/** `never` must leave a way to say 0 where 0 stops an inverter, and must hold for what is sent of an unknown value too. */
function forbidden(slot: NumberSlot): Finding[] {
  const { from, never = [], unknown, path } = slot;
  const at = [...path, 'never'];
  const zero = countsOfSlot(slot, 0);
  return [
    ...(mustReachZero.includes(from) && never.includes(zero)
      ? [found(at, `\`${from}\` must be able to reach 0; take ${zero} out of \`never\``)]
      : []),
    ...(typeof unknown === 'number' && never.includes(countsOfSlot(slot, unknown))
      ? [
          found(
            [...path, 'unknown'],
            `\`never\` forbids what is sent when \`${from}\` is unknown; write another \`unknown\` or \`required: true\``,
          ),
        ]
      : []),
  ];
}

/** A number that looks like a measurement, or a limit that allows something, must never stand in for an unknown one. */
function unsafeUnknown({ from, unknown, path }: NumberSlot): Finding[] {
  const at = [...path, 'unknown'];
  if (unknown === 'invalid' && signalSpec(from).limit === 'max')
    return [
      found(
        at,
        `an inverter that does not know the code for "invalid" takes it for the highest limit; write \`unknown: 0\` or \`required: true\` for \`${from}\``,
      ),
    ];
  if (typeof unknown !== 'number') return [];
  if (measured.includes(from))
    return [found(at, `an unknown \`${from}\` must not be told as a number; write \`required: true\``)];
  return signalSpec(from).limit === 'max' && unknown !== 0
    ? [
        found(
          at,
          `an unknown limit allows nothing; write \`unknown: 0\` or \`required: true\` for \`${from}\``,
        ),
      ]
    : [];
}

const currentLimits: readonly SignalName[] = ['charge_current_limit_A', 'discharge_current_limit_A'];

/** A limit is never told higher than it is, and its zero is raw 0, or raw 1 with evidence (design, section 7). */
function unsafeTreatment(slot: NumberSlot): Finding[] {
  const { from, path, min, max, zero_raw: zeroRaw, instead = [], evidence, offset } = slot;
  const under = (key: string) => [...path, key];
  const isLimit = signalSpec(from).limit === 'max';
  const raising = instead.findIndex(({ value }) => value !== 'as_is' && value !== 0);
  return [
    ...(min !== undefined && max !== undefined && min > max
      ? [found(under('min'), '`min` is above `max`; exchange them')]
      : []),
    ...(slot.modulo !== undefined && signalSpec(from).unit !== undefined
      ? [
          found(
            under('modulo'),
            `\`${from}\` is no counter, and would be told as another value; leave \`modulo\` out`,
          ),
        ]
      : []),
    ...(min !== undefined && min > 0 && mustReachZero.includes(from)
      ? [
          found(
            under('min'),
            `\`${from}\` must be able to reach 0; leave \`min\` out, or write \`zero_raw: 1\` where the inverter ignores a 0`,
          ),
        ]
      : []),
    ...(zeroRaw !== undefined && (!currentLimits.includes(from) || offset !== 0 || Math.abs(slot.scale) > 0.1)
      ? [
          found(
            under('zero_raw'),
            'only a current limit in counts of at most 0.1 A from 0 may have another zero',
          ),
        ]
      : []),
    ...(zeroRaw !== undefined && evidence === undefined
      ? [found(path, 'a zero that is not 0 needs its evidence; add `evidence:` and a `note` that names it')]
      : []),
    ...(from === 'charge_voltage_limit_V' && instead.some(({ value }) => value === 0)
      ? [
          found(
            under('instead'),
            'a CVL of 0 makes inverters empty the battery into the grid or stop; hold it (`as_is`) and let the currents fall to 0',
          ),
        ]
      : []),
    ...(isLimit && raising >= 0
      ? [
          found(
            [...path, 'instead', raising, 'value'],
            `\`${from}\` is a limit; while a case holds it may be told as 0 or \`as_is\``,
          ),
        ]
      : []),
  ];
}

const directed: readonly SignalName[] = ['current_A', 'power_W'];

const halfFindings = ({ half, from, path }: NumberSlot): Finding[] =>
  half === undefined || directed.includes(from)
    ? []
    : [found([...path, 'half'], `only ${directed.map((n) => `\`${n}\``).join(' and ')} have a direction`)];

const measured: readonly SignalName[] = ['soc_told_pct', 'soc_pct', 'voltage_V', 'current_A'];
