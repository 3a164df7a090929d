import { shapes } from '../bytes/field.ts';
import { type SignalName, signalSpec } from '../model/signals.ts';
import { idText, isFrame, placeText, slotName } from './describe.ts';
import type { Path } from './document.ts';
import {
  type BitSlot,
  bitsOf,
  type CodeSlot,
  type Layout,
  type NumberSlot,
  type PairSlot,
  type Slot,
  sizeOf,
} from './layout.ts';
import { invalidRaw } from './number.ts';
import { canMeet, settingProblem, wishes } from './options.ts';
import { plausibleRange } from './plausible.ts';
import type { Profile, When } from './schema.ts';

/** A mistake that only the meaning shows, and the place in the document. */
export interface Finding {
  readonly path: Path;
  readonly message: string;
}

export const found = (path: Path, message: string): Finding => ({ path, message });

/** What the place must be able to hold once the number is bounded, halved or counted round. */
function neededRange({ from, modulo, half, min, max }: NumberSlot): readonly [number, number] {
  if (modulo !== undefined) return [0, modulo - 1];
  const [low, high] = plausibleRange(from);
  const bounded = (n: number) => Math.min(max ?? n, Math.max(min ?? n, n));
  return [bounded(half ? 0 : low), bounded(high)];
}

function tooNarrow(slot: NumberSlot): Finding[] {
  const { min, max } = shapes[slot.as];
  const edges = [min * slot.scale + slot.offset, max * slot.scale + slot.offset].sort((a, b) => a - b);
  const [low = 0, high = 0] = edges;
  const [needLow, needHigh] = neededRange(slot);
  if (low <= needLow && high >= needHigh) return [];
  const unit = signalSpec(slot.from).unit ?? '';
  const round = (n: number) => Number(n.toPrecision(6));
  return [
    found(
      slot.path,
      `\`${slot.as}\` with scale ${slot.scale}${slot.offset ? ` and offset ${slot.offset}` : ''} holds ${round(low)} to ${round(high)} ${unit}, \`${slot.from}\` needs ${needLow} to ${needHigh} ${unit}; take a wider type or a larger scale`,
    ),
  ];
}

function numberFindings(slot: NumberSlot): Finding[] {
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
  ];
}

/** A number that looks like a measurement, or a limit that allows something, must never stand in for an unknown one. */
function unsafeUnknown({ from, unknown, path }: NumberSlot): Finding[] {
  if (typeof unknown !== 'number') return [];
  const at = [...path, 'unknown'];
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
    ...(min !== undefined && min > 0 && currentLimits.includes(from)
      ? [
          found(
            under('min'),
            `\`${from}\` must be able to reach 0; leave \`min\` out, or write \`zero_raw: 1\` where the inverter ignores a 0`,
          ),
        ]
      : []),
    ...(zeroRaw !== undefined && (!currentLimits.includes(from) || offset !== 0 || slot.scale > 0.1)
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

const conditionKeys = [
  ...(['flags', 'off', 'alarms', 'warnings', 'faults', 'errors', 'since', 'until'] as const),
  ...(['less', 'zero', 'equals', 'status', 'phases'] as const),
] as const;

type Conditional = Pick<BitSlot, (typeof conditionKeys)[number] | 'than'>;

function conditionFindings(conditional: Conditional, path: Path, what: string): Finding[] {
  if ((conditional.less === undefined) !== (conditional.than === undefined))
    return [found(path, '`less` and `than` go together; name both numbers')];
  return conditionKeys.some((key) => conditional[key] !== undefined)
    ? []
    : [
        found(
          path,
          `nothing raises this ${what}; give it one of ${conditionKeys.map((k) => `\`${k}\``).join(', ')}`,
        ),
      ];
}

const bitFindings = (slot: BitSlot | PairSlot): Finding[] => conditionFindings(slot, slot.path, slot.kind);

const caseFindings = (cases: readonly Conditional[], path: Path): Finding[] =>
  cases.flatMap((c, i) => conditionFindings(c, [...path, i], 'case'));

/** A code must fit its bits, and name both where they begin and how many they are. */
function codeFindings(slot: CodeSlot): Finding[] {
  const { path, bit, size, cases, as } = slot;
  if ((bit === undefined) !== (size === undefined))
    return [found(path, '`bit` and `size` go together; name the lowest bit and how many there are')];
  const room = sizeOf(slot) * 8;
  if (size !== undefined && (bit ?? 0) + size > room)
    return [found([...path, 'size'], `bits ${bit} to ${(bit ?? 0) + size - 1} do not lie in ${room} bits`)];
  const most = size === undefined ? shapes[as].max : 2 ** size - 1;
  const tooLarge = (value: number, at: Path): Finding[] =>
    value <= most ? [] : [found(at, `${value} does not fit here; the largest code is ${most}`)];
  return [
    ...caseFindings(cases, [...path, 'cases']),
    ...cases.flatMap(({ value }, i) => tooLarge(value, [...path, 'cases', i, 'value'])),
    ...tooLarge(slot.else, [...path, 'else']),
  ];
}

function slotFindings(slot: Slot): Finding[] {
  switch (slot.kind) {
    case 'number':
      return [...numberFindings(slot), ...caseFindings(slot.instead ?? [], [...slot.path, 'instead'])];
    case 'bit':
    case 'pair':
      return bitFindings(slot);
    case 'code':
      return codeFindings(slot);
    default:
      return [];
  }
}

function overlaps(layout: Layout): Finding[] {
  const placed = layout.slots.map((slot) => ({ slot, bits: bitsOf(slot) }));
  return placed.flatMap(({ slot, bits: [first, last] }, i) => {
    const other = placed
      .slice(0, i)
      .find((o) => o.bits[0] <= last && first <= o.bits[1] && canMeet(o.slot.when, slot.when));
    return other
      ? [
          found(
            slot.path,
            `${placeText(layout, slot)} is already taken by \`${slotName(other.slot)}\`; move one of them`,
          ),
        ]
      : [];
  });
}

const beyond = (layout: Layout): Finding[] =>
  layout.slots
    .filter((slot) => slot.at + sizeOf(slot) > layout.length)
    .map((slot) =>
      found(
        slot.path,
        isFrame(layout)
          ? `\`${slotName(slot)}\` ends at byte ${slot.at + sizeOf(slot) - 1}, but ${idText(layout)} has ${layout.length} bytes (0 to ${layout.length - 1}); move it or make \`length\` larger`
          : `${placeText(layout, slot)} reaches beyond its window; make the window larger`,
      ),
    );

export function whenFindings(options: Profile['options'], path: Path, when: When | undefined): Finding[] {
  return wishes(when).flatMap(([name, value]) => {
    const problem = settingProblem(options, name, value);
    return problem ? [found([...path, 'when', name], problem)] : [];
  });
}

/** Everything that can be wrong inside one frame or window. */
export const layoutFindings = (layout: Layout, options: Profile['options']): Finding[] => [
  ...beyond(layout),
  ...overlaps(layout),
  ...layout.slots.flatMap((slot) => [
    ...whenFindings(options, slot.path, slot.when),
    // Of a row the first speaks for all.
    ...(slot.kind === 'number' && slot.again ? [] : slotFindings(slot)),
  ]),
];
