// In place of a screen that the reader may not see: who may, and where to log in.
import { Empty } from '../parts/empty.tsx';
import type { IconName } from '../parts/icon.tsx';
import { Link } from '../shell/link.tsx';
import { t } from '../words/words.ts';
import { session } from './session.ts';

export const NeedsOperator = ({ icon }: { readonly icon: IconName }) => (
  <Empty icon={icon}>
    <div class="stack">
      <p>{t('shell.forOperators')}</p>
      {session.value?.name === undefined && (
        <p>
          <Link to="/settings" class="button main">
            {t('session.login')}
          </Link>
        </p>
      )}
    </div>
  </Empty>
);
