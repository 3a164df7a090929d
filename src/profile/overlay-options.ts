// The options of a profile that stands on a base.

/** A map of a document, not yet held against the schema. */
export type Mapping = Readonly<Record<string, unknown>>;

/** A map of a document that was just read. */
export const isMap = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const mapOf = (value: unknown): Mapping => (isMap(value) ? value : {});

/** Keys that are given replace those of the base. */
export const over = (base: unknown, own: unknown): unknown =>
  isMap(base) && isMap(own) ? { ...base, ...own } : (own ?? base);

/** An option of another kind has nothing in common with that of the base. */
const isSameKind = (base: unknown, own: unknown): boolean =>
  mapOf(own).kind === undefined || mapOf(own).kind === mapOf(base).kind;

/** The options of the base that the overlay does not make something else of. */
export const inheritedOptions = (base: Mapping, own: Mapping): Mapping =>
  Object.fromEntries(Object.entries(base).filter(([name, option]) => isSameKind(option, own[name])));

/** Options by name, key by key. What is no map is left for the schema to complain of. */
export function joinOptions(base: Mapping, own: unknown): unknown {
  if (own !== undefined && !isMap(own)) return own;
  const names = Object.keys({ ...base, ...own });
  return Object.fromEntries(names.map((name) => [name, over(base[name], own?.[name])]));
}

/** An entry tells the signal of that name, is there under its settings, or a way is chosen with it. */
function isUsed(name: string, within: unknown): boolean {
  if (Array.isArray(within)) return within.some((value) => isUsed(name, value));
  if (!isMap(within)) return false;
  if (within.from === name || within.option === name || Object.hasOwn(mapOf(within.when), name)) return true;
  return Object.values(within).some((value) => isUsed(name, value));
}

/** Options that only the frames use which an overlay leaves out: a setting of theirs would change nothing and say nothing. */
export const idleOptions = (base: Mapping, whole: Mapping): string[] =>
  Object.keys(mapOf(base.options)).filter((name) => isUsed(name, base.can) && !isUsed(name, whole.can));
