// The page: first who reads it, then what they came for.
import { Spinner } from './parts/empty.tsx';
import { Claim } from './session/claim.tsx';
import { Gate } from './session/gate.tsx';
import { Login } from './session/login.tsx';
import { gate, sessionTrouble } from './session/session.ts';
import { Setup } from './shell/screens.tsx';
import { Shell } from './shell/shell.tsx';
import { t } from './words/words.ts';

const Waiting = () => (
  <Gate title={t('shell.name')}>
    <Spinner>{t('shell.connecting')}</Spinner>
    {sessionTrouble.value && <p>{t('shell.lostNever')}</p>}
  </Gate>
);

const faces = { wait: Waiting, setup: Setup, claim: Claim, login: Login, open: Shell };

export function App() {
  const Face = faces[gate.value];
  return <Face />;
}
