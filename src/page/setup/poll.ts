// Asks again and again while somebody looks.
import { useEffect } from 'preact/hooks';
import { ask, isRefused } from '../ask.ts';

/** The next question is put `everyMs` after the last answer; none once the component is gone. Refusals are not told: the next may be answered. */
export function usePoll<T>(
  path: string,
  { everyMs = 1000, post, isOn = true }: { everyMs?: number; post?: object; isOn?: boolean },
  hear: (answer: T) => void,
): void {
  useEffect(() => {
    if (!isOn) return;
    const left = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      const answer = await ask<T>(path, { ...(post && { post }), left: left.signal });
      if (left.signal.aborted) return;
      if (!isRefused(answer)) hear(answer);
      timer = setTimeout(look, everyMs);
    };
    void look();
    return () => {
      left.abort();
      clearTimeout(timer);
    };
  }, [path, isOn]);
}
