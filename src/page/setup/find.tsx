// Step one: who is on the air. What this machine hears, known families first; tick those of the bank.
import { useState } from 'preact/hooks';
import type { SetupAir, SetupUnit, SetupWish } from '../../model/api/setup-air.ts';
import { ask, isRefused } from '../ask.ts';
import { Button } from '../parts/button.tsx';
import { Spinner } from '../parts/empty.tsx';
import { Problem } from '../parts/problem.tsx';
import { Frame } from './frame.tsx';
import { OnWire } from './on-wire.tsx';
import { usePoll } from './poll.ts';
import { Proxies } from './proxies.tsx';
import { type Chosen, type ListProps, UnitList } from './units.tsx';
import { air, draft, goOn, goTo, placeOf, readingOf, trouble } from './wizard.ts';
import { s } from './words.ts';

const begun = (): Chosen => {
  const wishes = (draft.value.batteries ?? []).map(
    ({ bms, address, proxy, serial, unit, baud }): SetupWish => ({
      bms,
      ...(address !== undefined && { address: address.toUpperCase() }),
      ...(proxy !== undefined && { proxy }),
      ...(serial !== undefined && { serial }),
      ...(unit !== undefined && { unit }),
      ...(baud !== undefined && { baud }),
    }),
  );
  const all =
    wishes.length > 0
      ? wishes
      : (air.value?.readings ?? []).map(({ bms, address, proxy, serial, unit }) => ({
          bms,
          ...(address !== undefined && { address }),
          ...(proxy !== undefined && { proxy }),
          ...(serial !== undefined && { serial }),
          ...(unit !== undefined && { unit }),
        }));
  return new Map(all.map((wish) => [placeOf(wish), wish]));
};

/** All of them stand in the draft: they need not be read again to go on. */
function isAsWritten(chosen: Chosen): boolean {
  const written = (draft.value.batteries ?? []).map(placeOf);
  return written.length > 0 && written.length === chosen.size && written.every((place) => chosen.has(place));
}

/** Reads those that were not read yet; the next step shows them. */
async function read(chosen: Chosen): Promise<void> {
  const units = [...chosen.values()];
  const isKnown = units.every((unit) => {
    const reading = readingOf(unit);
    return reading?.state === 'read' && reading.proxy === unit.proxy;
  });
  if (!isKnown || units.length !== air.value?.readings.length) {
    const answer = await ask<SetupAir>('/setup/read', { post: { units } });
    if (isRefused(answer)) {
      trouble.value = answer.why;
      return;
    }
    air.value = answer;
  }
  goOn();
}

/** Those of a family that we read, and the others. Who is chosen and out of reach now can be left out all the same. */
function sorted({ units }: SetupAir, chosen: Chosen): readonly [known: SetupUnit[], others: SetupUnit[]] {
  const isKnown = ({ bms }: SetupUnit) => bms !== undefined;
  const isHeard = (place: string) => units.some((unit) => placeOf(unit) === place);
  const away = [...chosen].flatMap(([place, { bms, address, proxy }]): SetupUnit[] =>
    address === undefined || isHeard(place) ? [] : [{ address, bms, ...(proxy !== undefined && { proxy }) }],
  );
  return [[...away, ...units.filter(isKnown)], units.filter((unit) => !isKnown(unit))];
}

const Heard = ({ heard, chosen, onChosen }: Omit<ListProps, 'units'> & { readonly heard: SetupAir }) => {
  const [known, others] = sorted(heard, chosen);
  return (
    <>
      {heard.trouble !== undefined && <Problem>{heard.trouble}</Problem>}
      {(heard.trouble === undefined || heard.state === 'scanning') && (
        <Spinner>
          {s('scanning')} {s('hears', { n: heard.units.length })}
        </Spinner>
      )}
      {heard.trouble === undefined && heard.units.length === 0 && <p>{s('nothing')}</p>}
      <UnitList units={known} chosen={chosen} onChosen={onChosen} />
      {others.length > 0 && (
        <details>
          <summary>{s('others', { n: others.length })}</summary>
          <UnitList units={others} chosen={chosen} onChosen={onChosen} />
        </details>
      )}
    </>
  );
};

export function Find() {
  const [chosen, setChosen] = useState<Chosen>(begun);
  usePoll<SetupAir>('/setup/scan', { post: {} }, (now) => {
    air.value = now;
  });
  const heard = air.value;
  const isWhole = chosen.size > 0 && [...chosen.values()].every(({ bms }) => bms !== '');
  return (
    <Frame
      title={s('find')}
      text={s('findText')}
      onward={chosen.size === 0 ? s('readNone') : s('readThem', { n: chosen.size })}
      isBlocked={!isWhole}
      onOnward={() => read(chosen)}
    >
      {heard ? <Heard heard={heard} chosen={chosen} onChosen={setChosen} /> : <Spinner />}
      <Proxies onDrop={(id) => setChosen(new Map([...chosen].filter(([, { proxy }]) => proxy !== id)))} />
      <OnWire chosen={chosen} onChosen={setChosen} />
      {isAsWritten(chosen) && (
        <Button isLocal onClick={() => goTo('strings')}>
          {s('keepThem', { n: chosen.size })}
        </Button>
      )}
    </Frame>
  );
}
