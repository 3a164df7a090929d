// A small profile on a base: what it says counts, the rest is the base's.
import type { Path } from './document.ts';
import {
  idleOptions,
  inheritedOptions,
  isMap,
  joinOptions,
  type Mapping,
  mapOf,
  over,
} from './overlay-options.ts';

/** What a profile says of itself alone, on whatever base it stands. */
const OWN_KEYS = [
  'id',
  'title',
  'version',
  'inverters',
  'evidence',
  'sources',
  'examples',
  'base',
  'without',
];

/** Where a value of the whole was written: here, or in the base; then `near` is the closest place here. */
export type Origin = { readonly own: Path } | { readonly base: Path; readonly near: Path };

/** The whole profile as data, still to be held against the schema. */
export interface Overlaid {
  readonly data: Mapping;
  readonly originOf: (path: Path) => Origin;
  /** Mistakes of the overlay that the whole does not show any more; paths into the overlay. */
  readonly mistakes: readonly { readonly path: Path; readonly message: string }[];
}

/** A frame of the whole, with its place in either list. */
interface Joined {
  readonly data: unknown;
  readonly own?: number;
  readonly base?: number;
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const idText = (id: unknown): string =>
  typeof id === 'number' ? `0x${id.toString(16).toUpperCase()}` : `${id}`;

/** What tells two frames of one id apart. Either may leave it out; what both say must be equal. */
const tellApart = [(frame: Mapping) => mapOf(frame.part).value, (frame: Mapping) => frame.when];

const isMeant = (base: Mapping, own: Mapping): boolean =>
  base.id === own.id &&
  (base.extended ?? false) === (own.extended ?? false) &&
  tellApart.every(
    (mark) => mark(base) === undefined || mark(own) === undefined || same(mark(base), mark(own)),
  );

const isEqual = (base: Mapping, own: Mapping): boolean =>
  tellApart.every((mark) => same(mark(base), mark(own)));

/** The frames of the base that an overlay's frame may mean: one, or several that it does not tell apart. */
function meantBy(own: unknown, frames: readonly Joined[]): readonly Joined[] {
  const meant = isMap(own) ? frames.filter(({ data }) => isMap(data) && isMeant(data, own)) : [];
  const equal = isMap(own) ? meant.filter(({ data }) => isMap(data) && isEqual(data, own)) : [];
  return equal.length === 1 ? equal : meant;
}

/** The base's frames in their order, each with what the overlay changes of it; then those that only the overlay has. */
function joinFrames(base: readonly Joined[], own: readonly unknown[]) {
  const frames = [...base];
  const mistakes: Overlaid['mistakes'][number][] = [];
  for (const [i, frame] of own.entries()) {
    const meant = meantBy(
      frame,
      frames.filter((joined) => joined.own === undefined),
    );
    const [one] = meant;
    if (meant.length > 1)
      mistakes.push({
        path: ['can', 'frames', i],
        message: `the base has ${meant.length} frames ${idText(mapOf(frame).id)}; say by \`part\` or \`when\`, as it stands there, which one is meant`,
      });
    if (one && meant.length === 1)
      frames[frames.indexOf(one)] = { ...one, own: i, data: over(one.data, frame) };
    else frames.push({ own: i, data: frame });
  }
  return { frames, mistakes };
}

function leftOut(without: readonly unknown[], frames: readonly Joined[]): Overlaid['mistakes'] {
  const ids = frames.map(({ data }) => mapOf(data).id);
  return without.flatMap((id, i) =>
    // What is no id at all the schema will say.
    ids.includes(id) || typeof id !== 'number'
      ? []
      : [
          {
            path: ['without', i],
            message: `the base sends no frame ${idText(id)}; it sends ${[...new Set(ids.map(idText))].join(', ')}`,
          },
        ],
  );
}

/** The shortest beginning of a path at which overlay and base are told apart. */
function leafOf(path: Path): Path {
  if (path[0] === 'options') return path.slice(0, 3);
  if (path[0] === 'can' && path[1] === 'frames') return path.slice(0, 4);
  return path.slice(0, isSection(path[0]) ? 2 : 1);
}

const SECTIONS = ['can', 'modbus', 'serial'] as const;
const isSection = (key: unknown): boolean => SECTIONS.some((section) => section === key);

const has = (data: unknown, path: Path): boolean => {
  const [step, ...rest] = path;
  if (step === undefined) return true;
  if (typeof data !== 'object' || data === null || !Object.hasOwn(data, step)) return false;
  // The step was just found to be a key of its own.
  return has((data as Record<PropertyKey, unknown>)[step], rest);
};

/** The same place in the list of frames of one side; undefined when that side has no such frame. */
function onSide(path: Path, frames: readonly Joined[], side: 'own' | 'base'): Path | undefined {
  if (path[0] !== 'can' || path[1] !== 'frames' || path.length < 3) return path;
  const at = frames[Number(path[2])]?.[side];
  return at === undefined ? undefined : ['can', 'frames', at, ...path.slice(3)];
}

/** `base:` where the overlay does not touch that thing at all. */
const nearest = (path: Path | undefined, own: Mapping): Path => {
  const thing = path?.slice(0, path[0] === 'can' ? 3 : 2);
  return thing && thing.length > 1 && has(own, thing) ? thing : ['base'];
};

/** A section such as `can:`, key by key, with the frames already joined. */
function joinSection(base: unknown, own: unknown, frames: readonly Joined[]): unknown {
  const section = over(base, own);
  const isList = Array.isArray(mapOf(own).frames ?? []);
  return isMap(section) && isList && section.frames !== undefined
    ? { ...section, frames: frames.map(({ data }) => data) }
    : section;
}

/** What an overlay takes from its base. */
function inheritedFrom(base: Mapping, own: Mapping): Mapping {
  const { options: _, ...taken } = Object.fromEntries(
    Object.entries(base).filter(([key]) => !OWN_KEYS.includes(key)),
  );
  return { ...taken, options: inheritedOptions(mapOf(base.options), mapOf(own.options)) };
}

/**
 * Lays a profile over its base. Keys at the top and in `can:`, `modbus:` and `serial:` replace those of the base, lists are
 * replaced whole; options are joined by name and frames by id, key by key: a frame means the base's frame of the same id and
 * width that does not say another `part` or `when`. `without` takes frames away, and the options that they alone used; one that
 * is also given is written anew.
 */
export function layOver(base: Mapping, own: Mapping): Overlaid {
  const inherited = inheritedFrom(base, own);
  const without = listOf(own.without);
  const baseFrames = listOf(mapOf(base.can).frames).map((data, at) => ({ data, base: at }));
  const kept = baseFrames.filter(({ data }) => !without.includes(mapOf(data).id));
  const { frames, mistakes } = joinFrames(kept, listOf(mapOf(own.can).frames));
  const sections = SECTIONS.filter((key) => key in inherited || key in own);

  function originOf(path: Path): Origin {
    const [here, there] = [onSide(path, frames, 'own'), onSide(path, frames, 'base')];
    const [leafHere, leafThere] = [here && leafOf(here), there && leafOf(there)];
    const isOwn = leafHere !== undefined && has(own, leafHere);
    const isBase = leafThere !== undefined && has(inherited, leafThere);
    return !isOwn && isBase ? { base: there ?? [], near: nearest(here, own) } : { own: here ?? path };
  }

  const joined = Object.fromEntries(
    sections.map((key) => [key, joinSection(inherited[key], own[key], frames)]),
  );
  const idle = idleOptions(base, joined).filter((name) => !(name in mapOf(own.options)));
  const options = Object.entries(mapOf(inherited.options)).filter(([name]) => !idle.includes(name));

  return {
    data: {
      ...inherited,
      ...own,
      options: joinOptions(Object.fromEntries(options), own.options),
      ...joined,
    },
    originOf,
    mistakes: [...leftOut(without, baseFrames), ...mistakes],
  };
}
