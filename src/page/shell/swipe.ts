// A swipe to the side goes to the neighbouring screen: a shortcut beside the tabs, never the only way.
import { useEffect } from 'preact/hooks';
import { go, pathOf, tabNow } from '../router.ts';
import { swipedTo } from './stroke.ts';

/** Where a finger means something else: charts, sliders, what scrolls to the side, what is typed. */
const OWN_FINGERS = '[data-no-swipe], canvas, input, textarea, select, dialog, [role="slider"], .u-wrap';

const isOwn = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest(OWN_FINGERS) !== null;

export function useSwipe(): void {
  useEffect(() => {
    let began: { readonly x: number; readonly y: number; readonly atMs: number } | undefined;
    const down = ({ touches, target, timeStamp }: TouchEvent) => {
      const [touch] = touches;
      const isAlone = touches.length === 1 && touch !== undefined;
      const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
      // A page that was enlarged is moved by such a stroke.
      const isEnlarged = (visualViewport?.scale ?? 1) > 1.01;
      began =
        isAlone && !isCalm && !isEnlarged && !isOwn(target)
          ? { x: touch.clientX, y: touch.clientY, atMs: timeStamp }
          : undefined;
    };
    const up = ({ changedTouches, timeStamp }: TouchEvent) => {
      const [touch] = changedTouches;
      const tab = tabNow.value;
      if (!began || !touch || !tab) return;
      const { x, y, atMs } = began;
      began = undefined;
      const to = swipedTo(tab, { dx: touch.clientX - x, dy: touch.clientY - y, ms: timeStamp - atMs });
      if (to) go(pathOf(to));
    };
    addEventListener('touchstart', down, { passive: true });
    addEventListener('touchend', up, { passive: true });
    return () => {
      removeEventListener('touchstart', down);
      removeEventListener('touchend', up);
    };
  }, []);
}
