// What an installer may do to a battery: let it rest, and send to it what the gateway file permits.
import { Empty } from '../parts/empty.tsx';
import { can, site } from '../session/session.ts';
import { t } from '../words/words.ts';
import { CommandCard } from './command-card.tsx';
import { RestCard } from './rest-card.tsx';

export function ConsolePanel() {
  const made = site.value;
  if (!can('installer')) return <Empty icon="user">{t('shell.forInstallers')}</Empty>;
  if (!made || made.batteries.length === 0) return <Empty icon="battery">{t('home.noBattery')}</Empty>;
  return (
    <div class="grid">
      <RestCard batteries={made.batteries} />
      <CommandCard batteries={made.batteries} control={made.control} />
    </div>
  );
}
