import { dataAgeS } from '../model/bank-state.ts';
import type { CanFrame } from '../model/can-frame.ts';
import type { CompiledCan } from '../profile/compile.ts';
import { isIncomplete } from '../profile/encode.ts';
import type { Said } from './telling.ts';

/** The frames of one battery on a CAN bus at a moment; undefined is silence. `onMissing` hears what is lacking, or nothing. */
export const canVoice =
  (can: CompiledCan, said: Said, onMissing: (names: readonly string[]) => void) =>
  (nowMs: number): readonly CanFrame[] | undefined => {
    const { telling, state } = said(nowMs);
    if (telling.kind !== 'say' || !state) return undefined;
    const ageS = dataAgeS(state, nowMs);
    const frames = can.frames({ ...state.signals, ...(ageS !== undefined && { dataAgeS: ageS }) });
    onMissing(isIncomplete(frames) ? frames.missing : []);
    return isIncomplete(frames) ? undefined : frames;
  };
