/**
 * Whether the inverter's keep-alive (0x305 and its like; CAN reference, section 13) is heard. `back` is the first frame
 * after a silence; `never` is no fault by itself, for some inverters never send one.
 */
export type Voice = 'never' | 'heard' | 'silent' | 'back';

export interface Hearing {
  readonly voice: Voice;
  /** Monotonic moment of the last keep-alive. */
  readonly lastAtMs?: number;
}

export const unheard: Hearing = { voice: 'never' };

export const heard = (was: Hearing, atMs: number): Hearing => ({
  voice: was.voice === 'silent' ? 'back' : 'heard',
  lastAtMs: atMs,
});

/** Silent once more than `timeoutMs` have passed since the last frame. */
export const judged = (was: Hearing, nowMs: number, timeoutMs: number): Hearing =>
  was.lastAtMs !== undefined && nowMs - was.lastAtMs > timeoutMs ? { ...was, voice: 'silent' } : was;
