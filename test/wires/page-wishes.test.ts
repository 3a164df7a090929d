import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseGateway } from '../../src/config/gateway-file.ts';
import type { Control, Wish } from '../../src/wires/control.ts';
import { isOfficeAsk, type WishNews } from '../../src/wires/office-asks.ts';
import { pageWishes } from '../../src/wires/page-wishes.ts';

const gateway = (control: string) =>
  parseGateway(
    'gateway.yaml',
    `
batteries:
  - { id: a, bms: jbd, address: "A4:C1:38:00:00:01", cells: 16 }
bank:
  strings: [[a]]
  envelope: { charge_current_A: 100, discharge_current_A: 150, cell_max_V: 3.60, cell_min_V: 2.80 }
inverters:
  - { id: ems, profile: generic-modbus, tcp: "127.0.0.1:1502" }
${control}
`,
  ).file;

const fetOff = { kind: 'fet', direction: 'charge', on: false } as const;
const settled = () => new Promise((resolve) => setImmediate(resolve));

function page(control = 'control: true') {
  const wishes: Wish[] = [];
  const news: WishNews[] = [];
  const watched: boolean[] = [];
  let left: AbortSignal | undefined;
  let end: (why?: string) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const byHand: Pick<Control, 'carryOut'> = {
    carryOut: (wish, tell, signal) => {
      wishes.push(wish);
      left = signal;
      tell('a: waiting');
      return new Promise((resolve, reject) => {
        end = resolve;
        fail = reject;
      });
    },
  };
  const all = pageWishes({
    file: gateway(control),
    // Nothing else of it is asked for by hand.
    control: byHand as Control,
    rests: { begin: () => undefined, end: (battery) => `battery ${battery} does not rest` },
    watchTalk: (isOn) => watched.push(isOn),
    tell: (one) => news.push(one),
    changed: () => {},
  });
  const wish = (wished: unknown, battery = 'a') =>
    all.hear({ type: 'wish', number: 1, battery, by: 'anna', wish: wished });
  return {
    all,
    wish,
    wishes,
    news,
    watched,
    left: () => left,
    end: (why?: string) => end(why),
    fail: (error: Error) => fail(error),
  };
}

const whyOf = (news: readonly WishNews[]) => news.flatMap((one) => ('end' in one ? (one.why ?? 'done') : []));

describe('a wish on the page', () => {
  test('is carried out as one at the machine is, with the name of the person', async () => {
    const { wish, wishes, news, end } = page();
    wish({ kind: 'errand', errand: fetOff, confirmed: 'a' });
    end();
    await settled();
    expect(wishes).toEqual([{ batteries: ['a'], errand: fetOff, by: 'anna' }]);
    expect(news).toEqual([
      { type: 'wished', number: 1, say: 'a: waiting' },
      { type: 'wished', number: 1, end: true },
    ]);
  });

  test.each([
    [
      'the gateway file permits nothing',
      '',
      { kind: 'errand', errand: fetOff, confirmed: 'a' },
      /does not permit/,
    ],
    [
      'nobody confirmed it',
      'control: true',
      { kind: 'errand', errand: fetOff, confirmed: 'b' },
      /type `a` to go on/,
    ],
    [
      'the bytes do more than read',
      'control: true',
      { kind: 'errand', errand: { kind: 'raw', hex: 'dd5ae1020002ff1b77' }, confirmed: 'a' },
      /only frames that read/,
    ],
    ['the battery does not rest', '', { kind: 'resume' }, /does not rest/],
  ])('is refused where %s', async (_, control, wished, why) => {
    const { wish, wishes, news } = page(control);
    wish(wished);
    await settled();
    expect(whyOf(news)).toEqual([expect.stringMatching(why)]);
    expect(wishes).toEqual([]);
  });

  test('is let go when whoever wished it leaves, and when the office ends', async () => {
    for (const leave of ['left', 'office'] as const) {
      const { all, wish, left, news } = page();
      wish({ kind: 'errand', errand: fetOff, confirmed: 'a' });
      if (leave === 'left') all.hear({ type: 'left', number: 1 });
      else all.forget();
      expect(left()?.aborted).toBe(true);
      expect(whyOf(news)).toEqual([]);
    }
  });

  test('that fails is told why, and the wires go on', async () => {
    const { wish, news, fail } = page();
    wish({ kind: 'errand', errand: fetOff, confirmed: 'a' });
    fail(new Error('the line is gone'));
    await settled();
    expect(whyOf(news)).toEqual(['the line is gone']);
  });

  test('may be let rest without any permission: it only makes a battery silent', async () => {
    const { wish, news } = page('');
    wish({ kind: 'rest', what: 'link' });
    await settled();
    expect(whyOf(news)).toEqual(['done']);
  });
});

describe('what the office says', () => {
  test('turns the watching on and off; a new office watches nothing', () => {
    const { all, watched } = page();
    all.hear({ type: 'watch', talk: true, page: true });
    expect(all.isWatched()).toBe(true);
    all.forget();
    expect(all.isWatched()).toBe(false);
    expect(watched).toEqual([true, false]);
  });

  test('is not heard in any other shape', () => {
    const good = { type: 'wish', number: 1, battery: 'a', by: 'anna', wish: { kind: 'rest', what: 'link' } };
    expect(isOfficeAsk(good)).toBe(true);
    for (const [key, value] of [
      ['number', 'one'],
      ['number', Number.NaN],
      ['battery', undefined],
      ['battery', 'a'.repeat(101)],
      ['by', 7],
      ['wish', { kind: 'rest', what: 'all' }],
      ['wish', { kind: 'errand', errand: { kind: 'raw', hex: 'd'.repeat(5000) }, confirmed: 'a' }],
      ['wish', null],
      ['type', 'order'],
    ] as const)
      expect(isOfficeAsk({ ...good, [key]: value })).toBe(false);
    fc.assert(
      fc.property(fc.anything(), (anything) => {
        expect(() => isOfficeAsk(anything)).not.toThrow();
      }),
    );
  });
});
