import type { DocumentProblem } from '../model/errors.ts';
import { findings } from './check/check.ts';
import { fitDocument, inOrder, openDocument, type Path, type Rejection, type Sheet } from './document.ts';
import { exampleFindings } from './examples.ts';
import { layOver } from './overlay.ts';
import { isMap } from './overlay-options.ts';
import { isProfileId, type Profile, profileSchema } from './schema.ts';

/** The text of a profile and the name of its file. */
export interface ProfileText {
  readonly file: string;
  readonly text: string;
}

/** Finds the profile that another one stands on by its id, or says in one sentence why it cannot. */
export type BaseOf = (id: string) => ProfileText | string;

/** Where no folder of profiles is at hand. */
export const noBase: BaseOf = (id) =>
  `the base \`${id}\` cannot be looked for here; name the profile by its file`;

/** The sheet of the base, or the problems at the overlay's `base:`. */
function openBase({ value, problemAt }: Sheet, id: string, baseOf: BaseOf): Sheet | Rejection {
  const refused = (message: string): Rejection => ({ problems: [problemAt(['base'], message)] });
  const found = baseOf(id);
  if (typeof found === 'string')
    return refused(
      isMap(value) && value.id === id
        ? `a profile cannot stand on itself, and there is no other \`${id}\`; name another base`
        : found,
    );
  const base = openDocument(found.file, found.text);
  if ('problems' in base) {
    const [first] = base.problems;
    return refused(`${whereFrom(id, first)}: ${first?.message}`);
  }
  const under = isMap(base.value) ? base.value.base : undefined;
  if (under !== undefined)
    return refused(
      `${found.file} stands on the base \`${String(under)}\` itself; name \`${String(under)}\`, or write the profile out`,
    );
  return isMap(value) ? base : refused('the profile is not a map; begin it with `id:`');
}

const whereFrom = (id: string, place: DocumentProblem | undefined): string =>
  `base \`${id}\` (${place?.file}:${place?.line}:${place?.column})`;

/** The whole profile where it stands on a base; what is wrong in it is shown in this file, with its place in the base's. */
function withBase(sheet: Sheet, baseOf: BaseOf): Sheet | Rejection {
  const own = isMap(sheet.value) ? sheet.value : {};
  const { base: id, without } = own;
  const refused = (key: string, message: string): Rejection => ({
    problems: [sheet.problemAt([key], message)],
  });
  if (id === undefined && without !== undefined)
    return refused('without', 'there is no base to leave a frame out of; add `base:` or take `without` away');
  if (id === undefined) return sheet;
  if (typeof id !== 'string')
    return refused('base', 'this is no profile; write the id of one, e.g. `pylontech-lv`');
  if (!isProfileId(id))
    return refused(
      'base',
      'a base is named by its id and found in the folders of profiles; write e.g. `pylontech-lv`',
    );
  const base = openBase(sheet, id, baseOf);
  if ('problems' in base) return base;
  const whole = layOver(isMap(base.value) ? base.value : {}, own);
  if (whole.mistakes.length)
    return { problems: inOrder(whole.mistakes.map((m) => sheet.problemAt(m.path, m.message))) };
  return {
    value: whole.data,
    problemAt(path, message, side) {
      const origin = whole.originOf(path);
      if ('own' in origin) return sheet.problemAt(origin.own, message, side);
      const there = base.problemAt(origin.base, '', side);
      return sheet.problemAt(origin.near, `${message}; it stems from ${whereFrom(id, there)}`);
    },
  };
}

/**
 * Reads a profile, with its base where it names one, and proves it: schema, meaning, then its own examples, each only when
 * the one before found nothing. What comes out may be compiled; it cannot fail later.
 */
export function parseProfile(
  file: string,
  text: string,
  baseOf: BaseOf = noBase,
): { readonly profile: Profile } | Rejection {
  const opened = openDocument(file, text);
  if ('problems' in opened) return opened;
  const whole = withBase(opened, baseOf);
  if ('problems' in whole) return whole;
  const result = fitDocument(whole, profileSchema);
  if ('problems' in result) return result;
  const { value: profile, problemAt } = result;
  const wrong = findings(profile);
  const found = wrong.length ? wrong : exampleFindings(profile);
  if (found.length === 0) return { profile };
  return { problems: inOrder(found.map(({ path, message }) => problemAt(path, message))) };
}

/** Where a value of a profile was written: in its own file, or in its base's. */
export type SourceOf = (path: Path) => Pick<DocumentProblem, 'file' | 'line'>;

/** For a profile that was proven; undefined where its texts are not those of one. */
export function sourcesIn(file: string, text: string, baseOf: BaseOf = noBase): SourceOf | undefined {
  const own = openDocument(file, text);
  if ('problems' in own) return undefined;
  const data = isMap(own.value) ? own.value : {};
  if (typeof data.base !== 'string') return (path) => own.problemAt(path, '');
  const base = openBase(own, data.base, baseOf);
  if ('problems' in base) return undefined;
  const { originOf } = layOver(isMap(base.value) ? base.value : {}, data);
  return (path) => {
    const origin = originOf(path);
    return 'own' in origin ? own.problemAt(origin.own, '') : base.problemAt(origin.base, '');
  };
}
