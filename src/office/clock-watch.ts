import { BUILT_MS } from '../model/freshness.ts';
import type { OfficeGround } from './ground.ts';

/** The clocks of two looks may differ by so much without anybody having set one. */
const JUMP_MS = 5000;

/** `2 h 3 min`, `4 d 1 h`, `7 s`: the two largest units. */
function spanText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const shown = parts.slice(parts.findIndex(([count]) => count > 0)).slice(0, 2);
  return shown.flatMap(([count, unit]) => (count > 0 ? [`${count} ${unit}`] : [])).join(' ');
}

/**
 * Looks at the wall clock beside the monotonic one: a jump is a moment, and a clock that was never set lasts until it is.
 * All that is kept under a date is dated wrongly until then; what the wires say is not, for they never read a date.
 */
export function watchClock(
  { ledger, clock }: Pick<OfficeGround, 'ledger' | 'clock'>,
  wall: () => number = Date.now,
): () => void {
  let wasApartMs: number | undefined;
  return () => {
    const nowMs = clock();
    const wallMs = wall();
    const apartMs = wallMs - nowMs;
    const jumpMs = apartMs - (wasApartMs ?? apartMs);
    wasApartMs = apartMs;
    if (Math.abs(jumpMs) > JUMP_MS) {
      const text = `the clock was set ${jumpMs > 0 ? 'forward' : 'back'} by ${spanText(Math.abs(jumpMs))}`;
      ledger.moment({ kind: 'clock_stepped', text, details: { byS: Math.round(jumpMs / 1000) } }, nowMs);
    }
    const text = `the clock says ${new Date(wallMs).toISOString().slice(0, 10)}, which cannot be: all dates of logs and history are wrong until it is set; see \`timedatectl\``;
    ledger.hold('clock', wallMs < BUILT_MS ? [{ kind: 'clock_wrong', text }] : [], nowMs);
  };
}
