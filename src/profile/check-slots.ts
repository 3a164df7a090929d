import { shapes } from '../bytes/field.ts';
import { type SignalName, signalSpec } from '../model/signals.ts';
import { idText, isFrame, placeText, slotName } from './describe.ts';
import type { Path } from './document.ts';
import { type BitSlot, type Layout, type NumberSlot, type Slot, sizeOf } from './layout.ts';
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

function tooNarrow(slot: NumberSlot): Finding[] {
  const { min, max } = shapes[slot.as];
  const edges = [min * slot.scale + slot.offset, max * slot.scale + slot.offset].sort((a, b) => a - b);
  const [low = 0, high = 0] = edges;
  const [needLow, needHigh] = slot.modulo === undefined ? plausibleRange(slot.from) : [0, slot.modulo - 1];
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

const measured: readonly SignalName[] = ['soc_told_pct', 'soc_pct', 'voltage_V', 'current_A'];

const conditionKeys = ['flags', 'alarms', 'warnings', 'faults', 'errors', 'since', 'until', 'less'] as const;

function bitFindings(slot: BitSlot): Finding[] {
  if ((slot.less === undefined) !== (slot.than === undefined))
    return [found(slot.path, '`less` and `than` go together; name both numbers')];
  return conditionKeys.some((key) => slot[key] !== undefined)
    ? []
    : [
        found(
          slot.path,
          `nothing raises this bit; give it one of ${conditionKeys.map((k) => `\`${k}\``).join(', ')}`,
        ),
      ];
}

/** First and last bit that a slot covers, counted from the start of its layout. */
const bitsOf = (slot: Slot): [number, number] =>
  slot.kind === 'bit'
    ? [slot.at * 8 + slot.bit, slot.at * 8 + slot.bit]
    : [slot.at * 8, (slot.at + sizeOf(slot)) * 8 - 1];

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
    ...(slot.kind === 'number' ? numberFindings(slot) : slot.kind === 'bit' ? bitFindings(slot) : []),
  ]),
];
