// Step five: the protocol, found by the brand or model of the inverter, with what is to know of it before.
import { useState } from 'preact/hooks';
import type { SetupProfile } from '../../model/api/setup.ts';
import { Badge, type Tone } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { Field } from '../parts/field.tsx';
import { Frame } from './frame.tsx';
import { chooseAndGoOn, draft, setup } from './wizard.ts';
import { type SetupWord, s } from './words.ts';

const FEW = 3;

/** Every word that was typed stands somewhere in what the profile says of itself. */
export function fits({ id, title, inverters }: SetupProfile, typed: string): boolean {
  const text = [id, title, ...inverters.flatMap(({ brand, models }) => [brand, models])]
    .join(' ')
    .toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** Names of makers that the profiles list, each once: a capital first, so that "others" and "any" are none. */
export const brandsOf = (profiles: readonly SetupProfile[]): readonly string[] =>
  [
    ...new Set(
      profiles
        .flatMap(({ inverters }) => inverters.flatMap(({ brand }) => brand.split(/, | and /)))
        .map((brand) => brand.trim())
        .filter((brand) => /^[A-Z][\w&.-]*( [A-Z][\w&.-]*)?$/.test(brand)),
    ),
  ].toSorted((a, b) => a.localeCompare(b));

/** One tap in place of typing, as long as nothing is typed. */
const Brands = ({ onBrand }: { readonly onBrand: (brand: string) => void }) => (
  <div class="row setup-chips">
    {brandsOf(setup.value?.profiles ?? []).map((brand) => (
      <Button key={brand} isLocal onClick={() => onBrand(brand)}>
        {brand}
      </Button>
    ))}
  </div>
);

const evidences: Readonly<Record<string, readonly [Tone, SetupWord]>> = {
  vendor: ['well', 'evidenceOf_vendor'],
  capture: ['well', 'evidenceOf_capture'],
  field: ['well', 'evidenceOf_field'],
  inferred: ['warn', 'evidenceOf_inferred'],
};

const Evidence = ({ of }: { readonly of: string }) => {
  const [tone, word] = evidences[of] ?? (['quiet', 'evidenceOf_inferred'] as const);
  return (
    <p class="small">
      {s('evidence')}: <Badge tone={tone}>{s(word)}</Badge>
    </p>
  );
};

interface BrandProps {
  readonly inverter: SetupProfile['inverters'][number];
  /** What is to know is read before it is chosen, where few are left to choose from. */
  readonly isOpen: boolean;
}

const Brand = ({ inverter: { brand, models, caveats }, isOpen }: BrandProps) => (
  <li>
    <strong>{brand}</strong> <span class="soft">{models}</span>
    {caveats.length > 0 && (
      <details open={isOpen}>
        <summary class="small">{s('caveats')}</summary>
        <ul class="setup-caveats small">
          {caveats.map((caveat) => (
            <li key={caveat}>{caveat}</li>
          ))}
        </ul>
      </details>
    )}
  </li>
);

interface ProfileProps {
  readonly profile: SetupProfile;
  readonly isChosen: boolean;
  readonly isOpen: boolean;
  readonly onChosen: () => void;
}

const Profile = ({ profile, isChosen, isOpen, onChosen }: ProfileProps) => (
  <Card title={profile.title} aside={isChosen ? <Badge tone="well">{s('chosen')}</Badge> : undefined}>
    <ul class="setup-brands">
      {profile.inverters.map((one) => (
        <Brand key={one.brand} inverter={one} isOpen={isOpen} />
      ))}
    </ul>
    <Evidence of={profile.evidence} />
    <Button isLocal look="main" label={`${s('choose')}: ${profile.title}`} onClick={onChosen}>
      {s('choose')}
    </Button>
  </Card>
);

/** A name for the inverter: the first word of its brand. */
const idOf = ({ inverters }: SetupProfile): string =>
  /[a-z0-9]+/.exec((inverters[0]?.brand ?? '').toLowerCase())?.[0]?.replace(/^any$/, 'house') ?? 'house';

/** Another protocol is spoken over another wire, with settings of its own. */
function take(profile: SetupProfile): Promise<void> {
  const [first, ...others] = draft.value.inverters ?? [];
  if (first?.profile === profile.id) return chooseAndGoOn({});
  return chooseAndGoOn({ inverters: [{ id: first?.id ?? idOf(profile), profile: profile.id }, ...others] });
}

export function Inverter() {
  const [typed, setTyped] = useState('');
  const chosen = draft.value.inverters?.[0]?.profile;
  const found = (setup.value?.profiles ?? []).filter((profile) => fits(profile, typed));
  const sorted = found.toSorted((a, b) => Number(b.id === chosen) - Number(a.id === chosen));
  return (
    <Frame title={s('inverter')}>
      <Field
        label={s('search')}
        value={typed}
        onValue={setTyped}
        input={{ type: 'search', spellcheck: false, autocapitalize: 'none' }}
      />
      {typed === '' && <Brands onBrand={setTyped} />}
      <p class="small soft" role="status">
        {found.length > 0 ? s('found', { n: found.length }) : s('noneFound')}
      </p>
      {sorted.map((profile) => (
        <Profile
          key={profile.id}
          profile={profile}
          isChosen={profile.id === chosen}
          isOpen={found.length <= FEW}
          onChosen={() => void take(profile)}
        />
      ))}
    </Frame>
  );
}
