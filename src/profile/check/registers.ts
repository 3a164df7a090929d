import { addressText } from '../describe.ts';
import { sizeOf, type WindowLayout, windowLayouts } from '../layout.ts';
import type { ModbusSpec, Profile } from '../schema.ts';
import { compileWriteTable } from '../write-table.ts';
import { type Finding, found } from './finding.ts';
import { wayFindings } from './frames.ts';
import { layoutFindings } from './slots.ts';

const windowText = (w: { from: number; to: number }): string =>
  `${addressText(w.from)} to ${addressText(w.to)}`;

/** Register entries that no window holds. */
function homeless(modbus: ModbusSpec): Finding[] {
  const { signals, lists, bits, codes, texts, constants, writable, windows } = modbus;
  return Object.entries({ signals, lists, bits, codes, texts, constants, writable }).flatMap(
    ([list, entries]) =>
      entries.flatMap(({ at }, i) =>
        windows.some((w) => at >= w.from && at <= w.to)
          ? []
          : [
              found(
                ['modbus', list, i, 'at'],
                `register ${addressText(at)} lies in no window; windows are ${windows.map(windowText).join(', ')}`,
              ),
            ],
      ),
  );
}

const windowFindings = ({ windows }: ModbusSpec): Finding[] =>
  windows.flatMap((w, i) => {
    const other = windows.slice(0, i).find((o) => o.from <= w.to && w.from <= o.to);
    return [
      ...(w.from > w.to
        ? [
            found(
              ['modbus', 'windows', i, 'to'],
              `a window begins at its lower end; write \`from: ${addressText(w.to)}, to: ${addressText(w.from)}\``,
            ),
          ]
        : []),
      ...(other
        ? [found(['modbus', 'windows', i], `this window overlaps ${windowText(other)}; join the two`)]
        : []),
    ];
  });

const byteFindings = ({ signals }: ModbusSpec): Finding[] =>
  signals.flatMap(({ as, byte }, i) =>
    as.endsWith('8') === (byte !== undefined)
      ? []
      : [
          found(
            ['modbus', 'signals', i, byte === undefined ? 'as' : 'byte'],
            byte === undefined
              ? `\`${as}\` fills half a register; say which with \`byte: high\` or \`byte: low\``
              : `\`${as}\` fills whole registers; leave \`byte\` out`,
          ),
        ],
  );

/** The age is written into whole registers at the moment of reading. */
const ageFindings = ({ signals }: ModbusSpec): Finding[] =>
  signals.flatMap(({ from, as }, i) =>
    from === 'data_age_s' && as.endsWith('8')
      ? [found(['modbus', 'signals', i, 'as'], '`data_age_s` needs a register of its own; write `as: u16`')]
      : [],
  );

/** Registers that a master may write must not carry anything else, unless they are its own at certain units. */
function writableFindings({ writable, units }: ModbusSpec, windows: readonly WindowLayout[]): Finding[] {
  const told = new Set(
    windows.flatMap((w) =>
      w.slots.flatMap((slot) =>
        Array.from({ length: (sizeOf(slot) + 1) >> 1 }, (_, i) => w.from + (slot.at >> 1) + i),
      ),
    ),
  );
  const taken = new Set<number>();
  return writable.flatMap((spec, i) => {
    const addresses = compileWriteTable([spec]).addresses;
    const clash = addresses.find((a) => (told.has(a) && !spec.units) || taken.has(a));
    for (const a of addresses) taken.add(a);
    const outside = addresses.find((a) => !windows.some((w) => a >= w.from && a <= w.to));
    const stranger = spec.units?.find((unit) => !units.includes(unit));
    return [
      ...(clash === undefined
        ? []
        : [
            found(
              ['modbus', 'writable', i, 'at'],
              `register ${addressText(clash)} is already taken; move one of the two`,
            ),
          ]),
      ...(outside === undefined || outside === spec.at
        ? []
        : [
            found(
              ['modbus', 'writable', i, 'as'],
              `\`${spec.as}\` needs register ${addressText(outside)} too, which lies in no window; make the window larger`,
            ),
          ]),
      ...(stranger === undefined
        ? []
        : [
            found(
              ['modbus', 'writable', i, 'units'],
              `this profile has no unit ${stranger}; its units are ${units.join(', ')}`,
            ),
          ]),
    ];
  });
}

/** Everything that can be wrong with a register map beyond its schema. */
export function registerFindings(modbus: ModbusSpec, options: Profile['options']): Finding[] {
  const windows = windowLayouts(modbus);
  return [
    ...homeless(modbus),
    ...windowFindings(modbus),
    ...byteFindings(modbus),
    ...ageFindings(modbus),
    ...(typeof modbus.read_header === 'string'
      ? []
      : wayFindings(modbus.read_header.option, ['bytes8', 'bytes16', 'words16'], options, [
          'modbus',
          'read_header',
        ])),
    ...writableFindings(modbus, windows),
    ...windows.flatMap((w) => layoutFindings(w, options)),
  ];
}
