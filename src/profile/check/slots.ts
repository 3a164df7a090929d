import { shapes } from '../../bytes/field.ts';
import { idText, isFrame, placeText, slotName } from '../describe.ts';
import type { Path } from '../document.ts';
import {
  type BitSlot,
  bitsOf,
  type CodeSlot,
  type Layout,
  type PairSlot,
  type Slot,
  sizeOf,
} from '../layout.ts';
import { canMeet, settingProblem, wishes } from '../options.ts';
import type { Profile, When } from '../schema.ts';
import { type Finding, found } from './finding.ts';
import { numberFindings } from './numbers.ts';

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
  const taken = new Map<number, { readonly slot: Slot; readonly bits: readonly [number, number] }[]>();
  return layout.slots.flatMap((slot) => {
    const bits = bitsOf(slot);
    const [first, last] = bits;
    const bytes = Array.from({ length: (last >> 3) - (first >> 3) + 1 }, (_, i) => (first >> 3) + i);
    const other = bytes
      .flatMap((byte) => taken.get(byte) ?? [])
      .find((o) => o.bits[0] <= last && first <= o.bits[1] && canMeet(o.slot.when, slot.when));
    for (const byte of bytes) taken.set(byte, [...(taken.get(byte) ?? []), { slot, bits }]);
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
