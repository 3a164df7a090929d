// The page: first who reads it, then what they came for.
import { Spinner } from './parts/empty.tsx';
import { isNowhere } from './router.ts';
import { Claim } from './session/claim.tsx';
import { Gate } from './session/gate.tsx';
import { Login } from './session/login.tsx';
import { gate, sessionTrouble } from './session/session.ts';
import { Link } from './shell/link.tsx';
import { Setup } from './shell/screens.tsx';
import { Shell } from './shell/shell.tsx';
import { t } from './words/words.ts';

const Waiting = () => (
  <Gate title={t('shell.name')}>
    <Spinner>{t('shell.connecting')}</Spinner>
    {sessionTrouble.value && <p>{t('shell.lostNever')}</p>}
  </Gate>
);

const Nowhere = () => (
  <Gate title={t('shell.notFound')}>
    <p>{t('shell.notFoundText')}</p>
    <p>
      <Link to="/">{t('shell.toHome')}</Link>
    </p>
  </Gate>
);

const faces = { wait: Waiting, setup: Setup, claim: Claim, login: Login, open: Shell };

export function App() {
  const isAtDoor = gate.value !== 'wait' && gate.value !== 'open';
  const Face = isAtDoor && isNowhere.value ? Nowhere : faces[gate.value];
  return <Face />;
}
