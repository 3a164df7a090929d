// CAN ids as the profiles that came with this installation know them: who sends which.
import { spokenCan } from '../profile/spoken.ts';
import { compileUnder } from './compile-under.ts';
import { listProfiles } from './profile-files.ts';

export interface KnownId {
  readonly id: number;
  readonly extended: boolean;
  readonly profile: string;
  /** An inverter sends it, or a battery. */
  readonly by: 'inverter' | 'battery';
  readonly title?: string;
}

type Named = Pick<KnownId, 'id' | 'extended'> & { readonly title?: string | undefined };

export const knownIds = (): readonly KnownId[] =>
  listProfiles().flatMap(({ id: profile, profile: read }) => {
    if (!read?.can) return [];
    const { frames, hears } = spokenCan(compileUnder(read).can);
    const known = ({ id, extended, title }: Named, by: KnownId['by']): KnownId => ({
      id,
      extended,
      profile,
      by,
      ...(title !== undefined && { title }),
    });
    return [
      ...hears.map(({ spec }) => known(spec, 'inverter')),
      ...frames.map((frame) => known(frame, 'battery')),
    ];
  });
