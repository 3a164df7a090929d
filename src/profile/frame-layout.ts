import { type CanFrame, frameKey } from '../model/can-frame.ts';
import type { FrameLayout } from './layout.ts';

/** The contents that a frame claims to be: by its part, else by its length, else the longest that it can hold. */
export function layoutOf(layouts: readonly FrameLayout[], frame: CanFrame): FrameLayout | undefined {
  const { data } = frame;
  const meant = layouts.filter(
    (layout) =>
      frameKey(layout) === frameKey(frame) && (!layout.part || data[layout.part.at] === layout.part.value),
  );
  return (
    meant.find(({ length }) => length === data.length) ??
    meant.toSorted((a, b) => b.length - a.length).find(({ length }) => length <= data.length) ??
    meant[0]
  );
}
