import { render } from 'preact';
import { App } from './app.tsx';
import { followPreferences } from './preferences.ts';
import { followAddress } from './router.ts';
import { followSession, learnSession } from './session/session.ts';
import './style/tokens.css';
import './style/base.css';
import './style/shell.css';
import './style/parts.css';
import './style/home.css';
import './style/cells.css';
import './style/forced.css';

followPreferences();
followAddress();
followSession();
render(<App />, document.body);
void learnSession();
