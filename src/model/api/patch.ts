// Merge patches (RFC 7386): what must be laid over a JSON document to make it another.

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSame = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

/** A battery may be called `constructor`: what every object inherits is no member. */
const member = (of: Json, key: string): unknown => (Object.hasOwn(of, key) ? of[key] : undefined);

/** The patch from `before` to `after`, undefined where nothing changed; null takes a member away, so no member may be null. */
export function patchBetween(before: Json, after: Json): Json | undefined {
  const changed: [string, unknown][] = [];
  for (const key of Object.keys(before))
    if (before[key] !== undefined && member(after, key) === undefined) changed.push([key, null]);
  for (const [key, now] of Object.entries(after)) {
    const was = member(before, key);
    if (now === undefined) continue;
    if (isObject(was) && isObject(now)) {
      const inner = patchBetween(was, now);
      if (inner) changed.push([key, inner]);
    } else if (!isSame(was, now)) changed.push([key, now]);
  }
  return changed.length > 0 ? Object.fromEntries(changed) : undefined;
}

/** The document with the patch laid over it; what did not change is the same object. */
export function patched(before: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result = new Map(Object.entries(isObject(before) ? before : {}));
  for (const [key, value] of Object.entries(patch))
    if (value === null) result.delete(key);
    else result.set(key, patched(result.get(key), value));
  return Object.fromEntries(result);
}
