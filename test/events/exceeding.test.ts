import { describe, expect, test } from 'vitest';
import { watchExceeding } from '../../src/events/exceeding.ts';

/** An inverter that is told these limits and measures this current, second by second. */
function seen(
  seconds: number,
  at: (s: number) => { chargeA?: number; currentA: number; isOld?: boolean; on?: boolean },
) {
  const watch = watchExceeding();
  const texts: (string | undefined)[] = [];
  for (let s = 0; s <= seconds; s++) {
    const { chargeA, currentA, isOld = false, on = true } = at(s);
    const signals = {
      ...(chargeA !== undefined && { chargeCurrentLimitA: chargeA }),
      dischargeCurrentLimitA: 50,
      chargeEnable: on,
    };
    const atMs = s * 1000 - (isOld ? 11_000 : 0);
    const found = watch({ signals, evaluatedAtMs: s * 1000 }, [{ inverter: 'house', currentA, atMs }]);
    texts.push(found[0]?.text);
  }
  return texts;
}

const firstAt = (texts: readonly (string | undefined)[]) => texts.findIndex((text) => text !== undefined);

describe('an inverter that measures its own current', () => {
  test('goes beyond its limit when it has done so for ten seconds', () => {
    const texts = seen(15, () => ({ chargeA: 40, currentA: 60 }));
    expect(firstAt(texts)).toBe(10);
    expect(texts[10]).toBe('inverter house charges with 60 A by its own measure, and is told 40 A at most');
  });

  test('has ten seconds more to follow a limit that falls', () => {
    const texts = seen(40, (s) => ({ chargeA: s < 5 ? 60 : 40, currentA: 60 }));
    expect(firstAt(texts)).toBe(25);
  });

  test('is not blamed for what two instruments differ by, or for a moment', () => {
    expect(firstAt(seen(60, () => ({ chargeA: 40, currentA: 42 })))).toBe(-1);
    expect(firstAt(seen(60, () => ({ chargeA: 200, currentA: 209 })))).toBe(-1);
    expect(firstAt(seen(60, (s) => ({ chargeA: 40, currentA: s % 10 === 9 ? 20 : 60 })))).toBe(-1);
  });

  test('is judged by its direction: discharging has a limit of its own', () => {
    expect(seen(15, () => ({ chargeA: 0, currentA: -60 }))[15]).toBe(
      'inverter house discharges with 60 A by its own measure, and is told 50 A at most',
    );
    expect(firstAt(seen(30, () => ({ chargeA: 0, currentA: -40 })))).toBe(-1);
  });

  test('may draw nothing where its direction is off, whatever the limit says', () => {
    expect(firstAt(seen(15, () => ({ chargeA: 40, currentA: 20, on: false })))).toBe(10);
  });

  test('proves nothing by what it measured long ago, or where no limit is told', () => {
    expect(firstAt(seen(60, () => ({ chargeA: 40, currentA: 60, isOld: true })))).toBe(-1);
    expect(firstAt(seen(60, () => ({ currentA: 60 })))).toBe(-1);
  });
});
