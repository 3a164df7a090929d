// Step six: the wire to the inverter, with what the machine says of it, and the settings of the protocol.
import { useState } from 'preact/hooks';
import type { SetupInverter, SetupProfile, SetupWire } from '../../model/api/setup.ts';
import { Button } from '../parts/button.tsx';
import { Choices } from '../parts/choices.tsx';
import { Field } from '../parts/field.tsx';
import { Findings } from './findings.tsx';
import { Frame } from './frame.tsx';
import { ProfileOptions, type Settings, unusual } from './profile-options.tsx';
import { chooseAndGoOn, draft, learn, setup, typedNumber } from './wizard.ts';
import { s } from './words.ts';

type Way = SetupProfile['wires'][number];

interface Typed {
  readonly way: Way;
  readonly can: string;
  readonly serial: string;
  readonly host: string;
  readonly port: string;
  readonly unit: string;
  readonly settings: Settings;
}

const HERE = '127.0.0.1';
const EVERYWHERE = '0.0.0.0';

function begun(inverter: SetupInverter, profile: SetupProfile): Typed {
  const { can, serial, tcp, unit, options = {} } = inverter;
  const { can: buses = [], serial: ports = [] } = setup.value ?? {};
  const [, host = HERE, port = '1502'] = /^(.*):(\d+)$/.exec(tcp ?? '') ?? [];
  const written: Way | undefined = can ? 'can' : serial ? 'serial' : tcp ? 'tcp' : undefined;
  return {
    way: written ?? profile.wires[0] ?? 'can',
    can: can ?? buses[0]?.name ?? '',
    serial: serial ?? ports[0]?.name ?? '',
    host,
    port,
    unit: unit === undefined ? '' : String(unit),
    settings: options,
  };
}

const isPort = (text: string): boolean => {
  const port = typedNumber(text);
  return port !== undefined && Number.isInteger(port) && port >= 1 && port <= 65_535;
};

const isUnit = (text: string): boolean => {
  const unit = typedNumber(text);
  return text.trim() === '' || (unit !== undefined && Number.isInteger(unit) && unit >= 1 && unit <= 247);
};

const isWhole = ({ way, can, serial, port, unit }: Typed): boolean =>
  way === 'can' ? can !== '' : (way === 'serial' ? serial !== '' : isPort(port)) && isUnit(unit);

function inverterOf({ id, profile, baud }: SetupInverter, typed: Typed, of: SetupProfile): SetupInverter {
  const { way, can, serial, host, port } = typed;
  const unit = way === 'can' ? undefined : typedNumber(typed.unit);
  const options = unusual(of.options, typed.settings);
  return {
    id,
    profile,
    ...(way === 'can' && { can }),
    ...(way === 'serial' && { serial, ...(baud !== undefined && { baud }) }),
    ...(way === 'tcp' && { tcp: `${host}:${port.trim()}` }),
    ...(unit !== undefined && { unit }),
    ...(Object.keys(options).length > 0 && { options }),
  };
}

interface PortsProps {
  readonly label: string;
  readonly none: string;
  readonly wires: readonly SetupWire[];
  readonly value: string;
  readonly onValue: (name: string) => void;
}

/** What is plugged in, and how it stands. One that the file names and that is away now stays to be chosen. */
const Ports = ({ label, none, wires, value, onValue }: PortsProps) => {
  const isAway = value !== '' && !wires.some(({ name }) => name === value);
  const all: readonly SetupWire[] = isAway ? [...wires, { name: value, findings: [] }] : wires;
  return (
    <fieldset class="stack">
      <legend class="hidden-text">{label}</legend>
      {all.map(({ name, findings }) => (
        <div key={name} class="setup-unit">
          <label class="check">
            <input type="radio" name="port" checked={name === value} onChange={() => onValue(name)} />
            <span class="mono">{name}</span>
          </label>
          <Findings findings={findings} />
        </div>
      ))}
      {all.length === 0 && <p>{none}</p>}
      <Button isLocal icon="again" onClick={() => void learn()}>
        {s('lookAgain')}
      </Button>
    </fieldset>
  );
};

interface WayProps {
  readonly typed: Typed;
  readonly onTyped: (more: Partial<Typed>) => void;
}

const Tcp = ({ typed: { host, port }, onTyped }: WayProps) => (
  <>
    <p class="small soft">{s('reach')}</p>
    <Choices
      label={s('reach')}
      value={host === HERE ? HERE : EVERYWHERE}
      options={[
        [HERE, s('onlyHere')],
        [EVERYWHERE, s('network')],
      ]}
      onValue={(chosen) => onTyped({ host: chosen })}
    />
    <Field
      label={s('tcpPort')}
      value={port}
      onValue={(text) => onTyped({ port: text })}
      problem={isPort(port) ? undefined : s('badPort')}
      input={{ inputMode: 'numeric' }}
    />
  </>
);

function Place({ typed, onTyped }: WayProps) {
  const { can: buses = [], serial: ports = [] } = setup.value ?? {};
  const { way, can, serial } = typed;
  if (way === 'tcp') return <Tcp typed={typed} onTyped={onTyped} />;
  const [wires, value, none] =
    way === 'can' ? ([buses, can, s('noCan')] as const) : ([ports, serial, s('noSerial')] as const);
  const word = way === 'can' ? s('way_can') : s('way_serial');
  return (
    <Ports
      label={word}
      none={none}
      wires={wires}
      value={value}
      onValue={(name) => onTyped(way === 'can' ? { can: name } : { serial: name })}
    />
  );
}

function Wired({ inverter, profile }: { readonly inverter: SetupInverter; readonly profile: SetupProfile }) {
  const [typed, setTyped] = useState(() => begun(inverter, profile));
  const change = (more: Partial<Typed>) => setTyped({ ...typed, ...more });
  const names = profile.wires.map((way) => [way, s(`way_${way}`)] as const);
  const take = () => {
    const [, ...others] = draft.value.inverters ?? [];
    return chooseAndGoOn({ inverters: [inverterOf(inverter, typed, profile), ...others] });
  };
  return (
    <Frame
      title={s('wire')}
      text={s('wireText', { title: profile.title, wires: names.map(([, name]) => name).join(', ') })}
      onward={s('next')}
      isBlocked={!isWhole(typed)}
      onOnward={take}
    >
      {names.length > 1 && (
        <Choices label={s('wire')} value={typed.way} options={names} onValue={(way) => change({ way })} />
      )}
      <Place typed={typed} onTyped={change} />
      {typed.way !== 'can' && profile.units.length > 0 && (
        <Field
          label={s('unitAs')}
          value={typed.unit}
          onValue={(unit) => change({ unit })}
          hint={s('unitHint', { unit: profile.units.join(', ') })}
          problem={isUnit(typed.unit) ? undefined : s('badUnit')}
          input={{ inputMode: 'numeric' }}
        />
      )}
      <ProfileOptions
        options={profile.options}
        settings={typed.settings}
        onSettings={(settings) => change({ settings })}
      />
    </Frame>
  );
}

export function WireStep() {
  const [inverter] = draft.value.inverters ?? [];
  const profile = setup.value?.profiles.find(({ id }) => id === inverter?.profile);
  return inverter && profile ? <Wired inverter={inverter} profile={profile} /> : null;
}
