import { GatewayError } from '../model/errors.ts';
import { type CompiledProfile, compileProfile } from '../profile/compile.ts';
import { type Settings, settingOf, settingProblem } from '../profile/options.ts';
import type { Profile, Setting } from '../profile/schema.ts';

/** The installer's settings as the profile's options take them; texts from a command line become numbers and flags. */
function settingsFor(profile: Profile, given: Settings): Settings {
  const settings = Object.entries(given).map(([name, value]): [string, Setting] => [
    name,
    typeof value === 'string' ? settingOf(profile.options[name], value) : value,
  ]);
  const problem = settings.map(([name, value]) => settingProblem(profile.options, name, value)).find(Boolean);
  if (problem !== undefined)
    throw new GatewayError('REFUSED', { message: `profile \`${profile.id}\`: ${problem}` });
  return Object.fromEntries(settings);
}

/** A profile under the installer's settings. Throws with one sentence when it does not take one of them. */
export const compileUnder = (profile: Profile, settings: Settings = {}): CompiledProfile =>
  compileProfile(profile, settingsFor(profile, settings));
