// What goes over the wires, byte by byte, beside the profile that made it; and the tools of an installer.
import { useEffect } from 'preact/hooks';
import { live } from '../live/connection.ts';
import { named } from '../live/values.ts';
import { InnerTabs } from '../parts/choices.tsx';
import { Screen as Frame } from '../parts/screen.tsx';
import { go, parameter } from '../router.ts';
import { NeedsOperator } from '../session/needs-role.tsx';
import { can, site } from '../session/session.ts';
import { t } from '../words/words.ts';
import { ConsolePanel } from './console-panel.tsx';
import { lastChange, learnProfile } from './explained-profiles.ts';
import { LogPanel } from './log-panel.tsx';
import { ProfilePanel } from './profile-panel.tsx';
import { RegistersPanel } from './registers-panel.tsx';
import { WiresPanel } from './wires-panel.tsx';
import '../inverter/fact.css';
import './inspector.css';
import './bytes.css';

const panels = {
  wires: WiresPanel,
  registers: RegistersPanel,
  profile: ProfilePanel,
  console: ConsolePanel,
  log: LogPanel,
};
type PanelName = keyof typeof panels;
// Object.keys forgets the literal type of the table above.
const names = Object.keys(panels) as readonly PanelName[];

/** Another profile in force is read anew. */
function useProfiles(): void {
  const inForce = (site.value?.inverters ?? []).map(({ id, profile }) => ({
    id,
    of: `${named(live.value?.inverters, id)?.profile ?? profile} ${lastChange(live.value?.events ?? {}, id)}`,
  }));
  useEffect(() => {
    for (const { id, of } of inForce) void learnProfile(id, of);
  }, [inForce.map(({ id, of }) => `${id} ${of}`).join()]);
}

function Panels() {
  useProfiles();
  const chosen = names.find((name) => name === parameter('tab')) ?? 'wires';
  const Panel = panels[chosen];
  return (
    <InnerTabs
      label={t('inspector.title')}
      value={chosen}
      options={names.map((name) => [name, t(`inspector.tab_${name}`)] as const)}
      onValue={(name) => go(`/inspector?tab=${name}`, 'replace')}
    >
      <Panel />
    </InnerTabs>
  );
}

export const Screen = () => (
  <Frame title={t('inspector.title')}>
    {can('operator') ? <Panels /> : <NeedsOperator icon="inspector" />}
  </Frame>
);
