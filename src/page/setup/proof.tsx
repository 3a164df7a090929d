// Step two: what each chosen battery says of itself, as the proof that it is the right one.
import { useState } from 'preact/hooks';
import type { SetupAir, SetupReading } from '../../model/api/setup-air.ts';
import { ask, isRefused } from '../ask.ts';
import { quantityText, temperatureText } from '../format.ts';
import { Badge } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { Spinner } from '../parts/empty.tsx';
import { Field } from '../parts/field.tsx';
import { Problem } from '../parts/problem.tsx';
import { gatewayText } from '../words/gateway-words.tsx';
import { Frame } from './frame.tsx';
import { hasPassword, Password, PasswordUsed } from './password.tsx';
import { usePoll } from './poll.ts';
import { batteryOf, listOf, mistakes, numberOf, type Shown, shownOf, type Typed, textOf } from './shown.ts';
import { air, chooseAndGoOn, draft, placeOf, trouble } from './wizard.ts';
import { type SetupWord, s } from './words.ts';

const Said = ({ reading: { reading = {} } }: { readonly reading: SetupReading }) => {
  const warm = listOf(reading.temperatures_C).find((celsius) => typeof celsius === 'number');
  const rows = [
    [s('cells'), textOf(listOf(reading.cell_voltages_V).length)],
    [s('voltage'), quantityText(numberOf(reading.voltage_V), 'V', 2)],
    [s('charge'), quantityText(numberOf(reading.soc_pct), '%')],
    [s('warmth'), temperatureText(numberOf(warm))],
  ];
  return (
    <dl class="setup-facts numbers">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt class="small soft">{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
};

const doings: Readonly<Record<string, SetupWord>> = {
  found: 'doing_found',
  connecting: 'doing_connecting',
  connected: 'doing_connected',
  lost: 'doing_lost',
};

const doingText = ({ doing = '', why }: SetupReading): string =>
  [s(doings[doing] ?? 'waits'), why && gatewayText(why)].filter((text) => text !== undefined).join(' ');

const whyNot = ({ password, why }: SetupReading): string =>
  password === 'refused' ? s('passwordRefused') : (why ?? s('notRead'));

/** The gateway takes no longer one. */
const LONGEST_NAME = 40;

interface BatteryProps {
  readonly shown: Shown;
  readonly all: readonly Shown[];
  readonly onTyped: (typed: Typed) => void;
  readonly onPassword: (password: string) => unknown;
}

function Battery({ shown, all, onTyped, onPassword }: BatteryProps) {
  const { reading, id, capacity, chargeA, dischargeA } = shown;
  const { address, serial, state } = reading;
  const wrong = mistakes(shown, all);
  const name = typeof reading.reading?.name === 'string' ? reading.reading.name : (address ?? serial ?? '');
  const heard = air.value?.units.find((unit) => unit.address === address)?.name;
  return (
    <Card
      title={heard ?? name}
      aside={state === 'read' ? <Badge tone="well">{s('state_ok')}</Badge> : undefined}
    >
      <p class="small soft mono">{address ?? serial}</p>
      {state === 'waiting' && <Spinner>{doingText(reading)}</Spinner>}
      {state === 'failed' && <Problem>{whyNot(reading)}</Problem>}
      {state !== 'read' && hasPassword(reading) && <Password reading={reading} onPassword={onPassword} />}
      {state === 'read' && (
        <>
          <Said reading={reading} />
          <PasswordUsed reading={reading} />
          <div class="setup-pair narrow">
            <Field
              label={s('name')}
              value={id}
              onValue={(text) => onTyped({ id: text })}
              problem={wrong.id}
              input={{ maxLength: LONGEST_NAME }}
            />
            <Field
              label={s('capacity')}
              value={capacity}
              onValue={(text) => onTyped({ capacity: text })}
              problem={wrong.capacity}
              input={{ inputMode: 'decimal' }}
            />
            <Field
              label={s('packChargeA')}
              value={chargeA}
              onValue={(text) => onTyped({ chargeA: text })}
              problem={wrong.chargeA}
              input={{ inputMode: 'decimal' }}
            />
            <Field
              label={s('packDischargeA')}
              value={dischargeA}
              onValue={(text) => onTyped({ dischargeA: text })}
              problem={wrong.dischargeA}
              input={{ inputMode: 'decimal' }}
            />
          </div>
        </>
      )}
    </Card>
  );
}

/** Those that were not read yet; one of them with a password. */
async function readAgain(readings: readonly SetupReading[], of = '', password?: string): Promise<void> {
  const units = readings.map((reading) => {
    const { bms, address, proxy, serial, unit } = reading;
    return {
      bms,
      ...(address !== undefined && { address }),
      ...(proxy !== undefined && { proxy }),
      ...(serial !== undefined && { serial }),
      ...(unit !== undefined && { unit }),
      ...(placeOf(reading) === of && { password }),
    };
  });
  const answer = await ask<SetupAir>('/setup/read', { post: { units } });
  if (isRefused(answer)) trouble.value = answer.why;
  else air.value = answer;
}

/** Strings of batteries that are not there any more, or are called otherwise, are asked for anew. */
function take(shown: readonly Shown[]): Promise<void> {
  const batteries = shown.map(batteryOf);
  const ids = batteries.map(({ id }) => id).sort();
  const { strings } = draft.value;
  const isSame = JSON.stringify(strings?.flat().toSorted()) === JSON.stringify(ids);
  return chooseAndGoOn({ batteries, strings: isSame ? strings : undefined });
}

export function Proof() {
  const [typed, setTyped] = useState<ReadonlyMap<string, Typed>>(new Map());
  usePoll<SetupAir>('/setup/air', {}, (now) => {
    air.value = now;
  });
  const readings = air.value?.readings ?? [];
  const shown = shownOf(readings, typed);
  const isRight = (one: Shown) => Object.values(mistakes(one, shown)).every((wrong) => wrong === undefined);
  const isWhole = shown.length > 0 && shown.every((one) => one.reading.state === 'read' && isRight(one));
  return (
    <Frame
      title={s('proof')}
      text={s('proofText')}
      onward={s('next')}
      isBlocked={!isWhole}
      onOnward={() => take(shown)}
    >
      {shown.map((one) => {
        const place = placeOf(one.reading);
        const put = (more: Typed) => setTyped(new Map(typed).set(place, { ...typed.get(place), ...more }));
        return (
          <Battery
            key={place}
            shown={one}
            all={shown}
            onTyped={put}
            onPassword={(password) => readAgain(readings, place, password)}
          />
        );
      })}
      {readings.some(({ state }) => state === 'failed') && (
        <Button isLocal icon="again" onClick={() => void readAgain(readings)}>
          {s('again')}
        </Button>
      )}
    </Frame>
  );
}
