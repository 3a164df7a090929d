import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lastingClock, RECKON_MS, type Reckoning } from '../../src/web/lasting-clock.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A machine with a wall clock that anybody may set, and with a true time that nobody knows. */
function machine(wallMs = 1_700_000_000_000) {
  const now = { trueMs: 0, ranMs: 0, monoMs: 0, wallMs, boots: 0 };
  let kept: Reckoning | undefined;
  const start = () =>
    lastingClock({ clock: () => now.monoMs, wallClock: () => now.wallMs, boot: `boot ${now.boots}` }, kept);
  let clock = start();
  return {
    now,
    clock: () => clock,
    run(ms: number): void {
      for (const name of ['trueMs', 'ranMs', 'monoMs', 'wallMs'] as const) now[name] += ms;
    },
    keep(): void {
      kept = clock.reckoning();
    },
    /** The process is replaced. */
    restart(): void {
      clock = start();
    },
    /** Switched off; the clock goes on, or stands at `wallMs` when it is on again. */
    boot(offMs: number, wallMs = now.wallMs + offMs): void {
      now.trueMs += offMs;
      now.monoMs = 0;
      now.boots++;
      now.wallMs = wallMs;
      clock = start();
    },
  };
}

describe('how long ago something was', () => {
  test('is not moved by who sets the clock, nor by a process that is replaced', () => {
    const { clock, run, keep, restart, now } = machine();
    const moment = clock().now();
    keep();
    run(HOUR_MS);
    now.wallMs += 3 * DAY_MS;
    expect(clock().sinceMs(moment)).toBe(HOUR_MS);
    restart();
    now.wallMs -= 6 * DAY_MS;
    run(HOUR_MS);
    expect(clock().sinceMs(moment)).toBe(2 * HOUR_MS);
  });

  test('counts the time that the machine was off by the wall clock', () => {
    const { clock, keep, boot } = machine();
    const moment = clock().dated(clock().now());
    keep();
    boot(9 * HOUR_MS);
    expect(clock().sinceMs(moment)).toBe(9 * HOUR_MS);
  });

  test('is told by the running time while the wall clock is too early, and by the wall clock once it is set', () => {
    const { clock, keep, boot, run, now } = machine();
    const moment = clock().dated(clock().now());
    keep();
    boot(8 * DAY_MS, 0);
    run(20 * 60_000);
    expect(clock().sinceMs(moment)).toBe(RECKON_MS + 20 * 60_000);
    const login = clock().now();
    now.wallMs = 1_700_000_000_000 + 8 * DAY_MS + 20 * 60_000;
    expect(clock().sinceMs(moment)).toBe(8 * DAY_MS + 20 * 60_000);
    expect(clock().sinceMs(login)).toBe(0);
    expect(clock().dated(login).wall_ms).toBe(now.wallMs);
  });

  test('is never less than the machine has run since, whatever becomes of its clock', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('run'), ms: fc.integer({ min: 0, max: RECKON_MS }) }),
      fc.record({ kind: fc.constant('set'), ms: fc.integer({ min: 0, max: 4e12 }) }),
      fc.record({ kind: fc.constant('boot'), ms: fc.integer({ min: 0, max: 4e12 }) }),
      fc.record({ kind: fc.constant('restart'), ms: fc.constant(0) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { now, clock, keep, run, boot, restart } = machine();
        let moment = clock().dated(clock().now());
        keep();
        for (const { kind, ms } of steps) {
          if (kind === 'run') run(ms);
          else if (kind === 'set') now.wallMs = ms;
          else if (kind === 'boot') boot(DAY_MS, ms);
          else restart();
          expect(clock().sinceMs(moment)).toBeGreaterThanOrEqual(now.ranMs);
          // What runs for longer is kept meanwhile.
          if (kind === 'boot' || kind === 'run') {
            moment = clock().dated(moment);
            if (kind === 'boot' || ms > RECKON_MS / 2) keep();
          }
        }
      }),
    );
  });
});
