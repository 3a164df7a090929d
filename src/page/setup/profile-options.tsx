// The settings that a protocol leaves to the installer; what is as usual is not written.
import type { SetupOption } from '../../model/api/setup.ts';
import { Check, Field, Select } from '../parts/field.tsx';
import { typedNumber } from './wizard.ts';
import { s } from './words.ts';

export type Settings = Readonly<Record<string, string | number | boolean>>;
type Options = Readonly<Record<string, SetupOption>>;

/** Only what differs from the usual. */
export const unusual = (options: Options, settings: Settings): Settings =>
  Object.fromEntries(Object.entries(settings).filter(([name, value]) => options[name]?.default !== value));

interface OptionProps {
  readonly name: string;
  readonly option: SetupOption;
  readonly value: string | number | boolean;
  readonly onValue: (value: string | number | boolean) => void;
}

const Option = ({ name, option, value, onValue }: OptionProps) => {
  if (option.kind === 'flag') return <Check label={option.title} isOn={value === true} onChange={onValue} />;
  if (option.kind === 'choice')
    return (
      <div class="stack">
        <Select
          label={name}
          value={String(value)}
          options={option.values.map((one) => [one, one] as const)}
          onValue={onValue}
        />
        <p class="small soft">{option.title}</p>
      </div>
    );
  return (
    <Field
      label={name}
      hint={option.title}
      value={String(value)}
      onValue={(text) => onValue(option.kind === 'number' ? (typedNumber(text) ?? text) : text)}
      {...(option.kind === 'number' && { input: { inputMode: 'decimal' } as const })}
    />
  );
};

interface ProfileOptionsProps {
  readonly options: Options;
  readonly settings: Settings;
  readonly onSettings: (settings: Settings) => void;
}

export const ProfileOptions = ({ options, settings, onSettings }: ProfileOptionsProps) =>
  Object.keys(options).length === 0 ? null : (
    <details open={Object.keys(settings).length > 0}>
      <summary>{s('options')}</summary>
      <p class="small soft">{s('optionsText')}</p>
      <div class="stack">
        {Object.entries(options).map(([name, option]) => (
          <Option
            key={name}
            name={name}
            option={option}
            value={settings[name] ?? option.default}
            onValue={(value) => onSettings({ ...settings, [name]: value })}
          />
        ))}
      </div>
    </details>
  );
