/** Points x → factor, x rising. */
export type Curve = readonly (readonly [x: number, factor: number])[];

/** Piecewise linear between the points, held at the ends. */
export function along(curve: Curve, x: number): number {
  const after = curve.findIndex((point) => x <= point[0]);
  if (after === -1) return curve.at(-1)?.[1] ?? 1;
  const [x1, f1] = curve[after] ?? [0, 1];
  const [x0, f0] = curve[after - 1] ?? [x1, f1];
  return x1 === x0 ? f1 : f0 + ((f1 - f0) * (x - x0)) / (x1 - x0);
}

/**
 * The smooth taper of YamBMS (bank reference, section 3): 1 at the knee, 0 at `endX` and beyond, whichever way they lie. For
 * inverters that obey limits slowly.
 */
export function taper(x: number, kneeX: number, endX: number): number {
  const share = Math.max(0, (x - kneeX) / (endX - kneeX));
  return Math.max(0, 2 - 2 ** (share ** 1.8));
}
