const none: readonly string[] = [];

/** The places in a state, however deep, where a number is NaN or infinite. */
export function unsound(value: unknown): readonly string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? none : [` = ${value}`];
  if (typeof value !== 'object' || value === null) return none;
  return Object.entries(value).flatMap(([key, inner]) => unsound(inner).map((rest) => `/${key}${rest}`));
}
