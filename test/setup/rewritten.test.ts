// A file that people wrote by hand: the wizard changes what was chosen, and not a word beside it.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { parseGateway } from '../../src/config/gateway-file.ts';
import { draftOf, textOf } from '../../src/firststart/draft.ts';
import type { SetupBattery, SetupDraft } from '../../src/model/api/setup.ts';
import { gatewayFile } from '../house/site.ts';

const own = `# Cellar, 2026
batteries:
  # the left one
  - { id: a, bms: jbd, address: "A4:C1:38:00:00:01", cells: 16, capacity_Ah: 100, temperature: none } # new cells
  # the right one
  - id: b   # moved in May
    bms: jk
    address: a4:c1:38:00:00:02
    cells: 16
    # measured
    capacity_Ah: 98.50
bank:
  strings: [[a], [b]]   # both fused
  envelope: { charge_current_A: 100, discharge_current_A: 150, cell_max_V: 3.60, cell_min_V: 2.80 }  # cables 35 mm2
  # slowly
  charge: { bulk_V: 3.45 }
inverters:
  - { id: house, profile: pylontech-lv, can: can0, options: { manufacturer: 'PYLON' } } # Deye
bluetooth: { poll: 2s }  # default
log: { level: info }
# the end
`;

const before = { text: own, file: parseGateway('own.yaml', own).file };
const ground = { before, historyPath: '/var/lib/bmsgate/history.db' };
const begun = draftOf(before.file);

/** Every comment, whatever it stands beside; spaces aside. */
const commentsIn = (text: string): string[] =>
  [...text.matchAll(/(?:^|\s)#([^\n]*)/g)].map(([, words = '']) => words.trim()).sort();

test('a file that nothing was changed in stays as it is, byte by byte', () => {
  expect(textOf(begun, ground)).toBe(own);
});

test('a new current changes one number', () => {
  const envelope = { ...before.file.bank.envelope, charge_current_A: 60 };
  const lines = textOf({ ...begun, envelope }, ground).split('\n');
  expect(lines.filter((line) => line.includes('charge_current_A: 60'))).toHaveLength(1);
  expect(lines.join('\n')).toContain('cell_max_V: 3.60');
  expect(lines.join('\n')).toContain('temperature: none');
});

test('a battery that goes takes no words with it', () => {
  const [, right] = begun.batteries ?? [];
  const draft = { ...begun, batteries: right ? [right] : [], strings: [['b']] };
  const text = textOf(draft, ground);
  expect(commentsIn(text)).toEqual(commentsIn(own));
  expect(parseGateway('own.yaml', text).file.batteries.map(({ id }) => id)).toEqual(['b']);
});

test('a new file is right, short, and says what its parts are', () => {
  const draft = { ...begun, has_history: true, mqtt_url: 'mqtt://broker.lan', listen: '127.0.0.1:3001' };
  const text = textOf(draft, { historyPath: '/var/lib/bmsgate/history.db' });
  const { file } = parseGateway('new.yaml', text);
  expect(draftOf(file)).toEqual(draft);
  expect(text).toContain('strings: [[a], [b]]');
  expect(text).toContain('address: "A4:C1:38:00:00:01"');
  expect(text.split('\n').length).toBeLessThan(35);
});

test('no broker and no history take their parts away', () => {
  const had = textOf({ ...begun, has_history: true, mqtt_url: 'mqtt://broker.lan' }, ground);
  const { file } = parseGateway('own.yaml', had);
  expect([file.history !== undefined, file.mqtt?.url]).toEqual([true, 'mqtt://broker.lan']);
  const now = { before: { text: had, file }, historyPath: '/h.db' };
  const again = parseGateway('own.yaml', textOf({ ...draftOf(file), has_history: false, mqtt_url: '' }, now));
  expect([again.file.history, again.file.mqtt]).toEqual([undefined, undefined]);
});

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

const files = [
  ['a file with comments everywhere', own],
  ['the file of README.md', /^```yaml\n([\s\S]*?)```$/m.exec(readme)?.[1] ?? ''],
  [
    'the file of a test site',
    gatewayFile(1502, { freshness: '{ late: 10s }', more: 'control: { raw: reads } # by hand' }),
  ],
  ['a file that is JSON', JSON.stringify(parseDocument(own).toJS())],
] as const;

/** All that the wizard has no word for, of the file and of its bank. */
function untouched(text: string): unknown {
  const {
    batteries: _,
    inverters: _i,
    web: _w,
    history: _h,
    mqtt: _m,
    bank,
    ...rest
  } = parseDocument(text).toJS();
  const { strings: _s, chemistry: _c, envelope: _e, ...others } = bank;
  return { ...rest, bank: others };
}

describe('whatever is chosen', () => {
  const amperes = fc.integer({ min: 1, max: 400 });
  const battery = (n: number) =>
    fc.record(
      {
        id: fc.constant(`p${n}`),
        bms: fc.constantFrom('jbd', 'jk', 'daly'),
        address: fc.constant(`a4:c1:38:00:00:${String(n + 1).padStart(2, '0')}`),
        cells: fc.constant(16),
        capacity_Ah: fc.integer({ min: 1, max: 1000 }),
        charge_current_A: amperes,
      },
      { requiredKeys: ['id', 'bms', 'address', 'cells'] },
    );
  const batteries = fc
    .uniqueArray(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 6 })
    .chain((numbers) => fc.tuple(...numbers.map(battery)));
  const draft = batteries.chain((chosen) =>
    fc.record({
      // fast-check leaves a key out; it never makes it undefined.
      batteries: fc.constant(chosen as SetupBattery[]),
      strings: fc.constant(chosen.map(({ id }) => [id])),
      envelope: fc.record({
        charge_current_A: amperes,
        discharge_current_A: amperes,
        cell_max_V: fc.constantFrom(3.55, 3.6),
        cell_min_V: fc.constantFrom(2.8, 3),
      }),
      has_history: fc.boolean(),
      listen: fc.constantFrom('127.0.0.1:3001', '0.0.0.0:3001'),
    }),
  );

  test.each(files)(
    'in %s every comment stays, what was not chosen means what it meant, and it says what was chosen',
    (_, text) => {
      const { file } = parseGateway('own.yaml', text);
      const rest = untouched(text);
      fc.assert(
        fc.property(draft, (chosen) => {
          const next: SetupDraft = { ...draftOf(file), ...chosen };
          const now = textOf(next, { before: { text, file }, historyPath: '/var/lib/bmsgate/history.db' });
          expect(commentsIn(now)).toEqual(commentsIn(text));
          expect(draftOf(parseGateway('own.yaml', now).file)).toEqual(next);
          expect(untouched(now)).toEqual(rest);
        }),
      );
    },
  );

  test('a battery that stays keeps what the wizard does not know', () => {
    fc.assert(
      fc.property(draft, (chosen) => {
        const raw = parseDocument(textOf({ ...begun, ...chosen }, ground)).toJS();
        const kept = raw.batteries.find((b: { address: string }) => b.address === 'A4:C1:38:00:00:01');
        if (kept) expect(kept.temperature).toBe('none');
      }),
    );
  });

  test('to write the same twice changes nothing', () => {
    fc.assert(
      fc.property(draft, (chosen) => {
        const once = textOf({ ...begun, ...chosen }, ground);
        const { file } = parseGateway('own.yaml', once);
        expect(textOf(draftOf(file), { ...ground, before: { text: once, file } })).toBe(once);
      }),
    );
  });
});
