import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskedText } from '../../src/blackbox/masked-text.ts';
import { newRing } from '../../src/blackbox/ring.ts';
import { lineOf, readLine, type Start, type TapeEntry, type TapePiece } from '../../src/blackbox/tape.ts';
import { cpuMsOf } from '../cpu.ts';

const nothing = { spanMs: 600_000, mostBytes: 1e9, inverters: [] };
// What a start holds does not matter to the ring.
const start = (atMs: number): TapeEntry => ['start', atMs, { samples: {}, left: {} } as unknown as Start];
const said = (atMs: number): TapeEntry => ['say', atMs, 'house', 'beat', []];

/** A tape of one entry a second and a start each minute, in pieces. */
function* pieces(fromS: number, toS: number): Generator<TapePiece> {
  let number = fromS;
  for (let second = fromS; second < toS; second++) {
    const entries = [second % 60 === 0 ? start(second * 1000) : said(second * 1000)];
    yield { type: 'tape', from: 'wires', number, entries };
    number += entries.length;
  }
}

const linesOf = (ring: ReturnType<typeof newRing>, atMs: number): TapeEntry[] =>
  [...(ring.since(atMs)?.texts() ?? [])]
    .join('')
    .split('\n')
    .filter(Boolean)
    .map((line) => readLine(line) as TapeEntry);

describe('the last minutes of the tape', () => {
  test('begin with the newest start before the moment that is asked for, and lack nothing behind it', () => {
    const ring = newRing(nothing);
    for (const piece of pieces(0, 1000)) ring.take(piece);
    const entries = linesOf(ring, 500_000);
    expect(entries.map(([, atMs]) => atMs)).toEqual(Array.from({ length: 520 }, (_, i) => (480 + i) * 1000));
    expect(ring.since(500_000)?.fromMs).toBe(480_000);
  });

  test('are at least as long as was wished for, and what is older goes', () => {
    const ring = newRing(nothing);
    for (const piece of pieces(0, 36_000)) ring.take(piece);
    const [first] = linesOf(ring, 0);
    const keptS = 36_000 - (first?.[1] ?? 0) / 1000;
    expect(keptS).toBeGreaterThanOrEqual(600);
    expect(keptS).toBeLessThanOrEqual(720);
  });

  test('leave whole telegrams out, whose contents they have, and take that for no gap', () => {
    const ring = newRing(nothing);
    const content: TapeEntry = ['codec', 1, 'far', 0x61, 2, Uint8Array.of(1)];
    const telegram: TapeEntry = ['telegram', 1, 'far', 2, Uint8Array.of(0x7e), Uint8Array.of(0x7e, 1)];
    ring.take({ type: 'tape', from: 'wires', number: 0, entries: [start(0), content, telegram] });
    ring.take({ type: 'tape', from: 'wires', number: 3, entries: [said(2)] });
    expect(linesOf(ring, 5)).toEqual([start(0), content, said(2)]);
    expect(ring.gaps()).toBe(0);
  });

  test('are fewer where there is no room, and never nothing', () => {
    const ring = newRing({ ...nothing, mostBytes: 200 });
    for (const piece of pieces(0, 3600)) ring.take(piece);
    expect(linesOf(ring, 0)[0]?.[1]).toBeGreaterThanOrEqual(3_480_000);
  });

  test('begin anew behind a gap, with the next start', () => {
    const ring = newRing(nothing);
    for (const piece of pieces(0, 300)) ring.take(piece);
    for (const piece of pieces(301, 330)) ring.take(piece);
    expect([ring.gaps(), ring.since(0)]).toEqual([1, undefined]);
    for (const piece of pieces(330, 400)) ring.take(piece);
    expect(linesOf(ring, 0)[0]).toEqual(start(360_000));
  });

  test('have the bytes of the ear among the entries of the wires, and no gap because of them', () => {
    const ring = newRing(nothing);
    for (const piece of pieces(0, 100)) {
      ring.take(piece);
      ring.take({
        type: 'tape',
        from: 'ear',
        number: 0,
        entries: [['raw', 1, 'a', '<', Uint8Array.of(221, 3)]],
      });
    }
    expect(ring.gaps()).toBe(0);
    expect(linesOf(ring, 0).filter(([kind]) => kind === 'raw')).toHaveLength(100);
  });

  test('tell which profile was in force where they begin, also when it was exchanged long before', () => {
    const inverter = (id: string, version: string) =>
      ({ id, wire: 'can0', units: [], settings: {}, profile: { version } }) as never;
    const ring = newRing({ ...nothing, inverters: [inverter('house', '1'), inverter('ems', '1')] });
    let number = 0;
    for (let second = 0; second < 3600; second++) {
      const entries: TapeEntry[] = [second % 60 === 0 ? start(second * 1000) : said(second * 1000)];
      if (second === 1000) entries.push(['profile', second * 1000, inverter('house', '2')]);
      if (second === 3500) entries.push(['profile', second * 1000, inverter('house', '3')]);
      ring.take({ type: 'tape', from: 'wires', number, entries });
      number += entries.length;
    }
    const versions = (atMs: number) =>
      ring.since(atMs)?.inverters.map(({ id, profile }) => `${id} ${profile.version}`);
    expect(versions(3_000_000)).toEqual(['house 2', 'ems 1']);
    expect(versions(3_599_000)).toEqual(['house 3', 'ems 1']);
  });
});

test('whatever is written comes back the same: bytes, holes, and numbers without end', () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      fc.string(),
      fc.double({ noNaN: true }).map((n) => (Object.is(n, -0) ? 0 : n)),
      fc.boolean(),
      fc.constant(null),
      fc.uint8Array({ maxLength: 8 }),
      fc.array(fc.oneof(fc.constant(undefined), tie('any')), { maxLength: 3 }),
      fc.dictionary(
        fc.string({ minLength: 2, maxLength: 4 }).filter((key) => key !== '__proto__'),
        tie('any'),
        { maxKeys: 3 },
      ),
    ),
  })).any;
  const bare = (v: unknown): unknown => JSON.parse(JSON.stringify(v ?? null));
  fc.assert(
    fc.property(value, (v) => {
      const line = lineOf(v);
      expect(line.indexOf('\n')).toBe(line.length - 1);
      expect(readLine(line)).toEqual(v);
      expect(bare(readLine(line))).toEqual(bare(v));
    }),
  );
});

test('bytes as a radio hands them over, in a Buffer, are bytes', () => {
  const entry: TapeEntry = ['raw', 1, 'a', '<', Buffer.from('dda5', 'hex')];
  expect(readLine(lineOf(entry))).toEqual(['raw', 1, 'a', '<', Uint8Array.of(0xdd, 0xa5)]);
});

test('a gateway file leaves the house without its servers', () => {
  const text = `mqtt: { url: "mqtts://me:secret@broker.lan:8883", topic: bmsgate }
alerts:
  - { id: phone, ntfy: "https://ntfy.sh/barn-secret" }
  - { id: home, webhook: 'http://192.168.1.5:8123/api/webhook/secret?a=secret#secret', token_file: /etc/token }
  - webhook: https://hooks.example/secret
`;
  const masked = maskedText(text);
  expect(masked).not.toMatch(/secret|barn|192\.168/);
  expect(masked).toContain('{ id: phone, ntfy: "https://masked.invalid/masked" }');
  expect(masked).toContain("webhook: 'http://masked.invalid/masked', token_file: /etc/token }");
});

test.each([
  'webhook: http://[fe80::1]:8080/secret',
  'webhook: https://hooks.example/a,secret',
  `webhook: "https://hooks.example/a'secret"`,
  'webhook: "https:\\/\\/hooks.example\\/secret"',
  'webhook: "https://hooks.example/\\\n    secret"',
  'webhook: https:hooks.example/secret',
  'ntfy: https://ntfy.sh/a}secret',
  'mqtt: { host: broker, username: me, password: secret }',
  'mqtt:\n  password: "my \\" secret"\n  topic: bmsgate',
  "mqtt:\n  password: 'my '' secret'\n  topic: bmsgate",
  'mqtt:\n  password: my, secret # the old one: secret\n  topic: bmsgate',
  '{"mqtt":{"password":"secret"}}',
  'mqtt:\n  password:\n    secret\n  topic: bmsgate',
  'mqtt:\n  password: >-\n    secret\n  topic: bmsgate',
  '# was webhook: https://hooks.example/secret',
])('no secret is left of %j', (text) => {
  expect(maskedText(text)).not.toContain('secret');
});

test.each([
  `password: x${'} '.repeat(300_000)}y`,
  `https:${'"'.repeat(300_000)}x`,
  `password: "${'\\"'.repeat(300_000)}`,
  `https:${'\\\n '.repeat(300_000)}`,
])('a gateway file of a megabyte is masked before a wire waits for it: %#', (text) => {
  expect(cpuMsOf(() => maskedText(text))).toBeLessThan(5000);
});

test('what is no secret stays', () => {
  const text = `batteries:
  - { id: a, password_file: /etc/bmsgate/a, key_file: /etc/bmsgate/key } # see https: and http
`;
  expect(maskedText(text)).toBe(text);
});
