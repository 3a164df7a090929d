// The file is written: the gateway begins, and the page goes on to it as soon as it answers.
import { useEffect } from 'preact/hooks';
import type { Session } from '../../model/api/site.ts';
import { ask, isRefused } from '../ask.ts';
import { Spinner } from '../parts/empty.tsx';
import { Screen } from '../parts/screen.tsx';
import { go } from '../router.ts';
import { enterGateway } from '../session/session.ts';
import { setup } from './wizard.ts';
import { s } from './words.ts';

const LOOK_MS = 1000;

/** Home, once the gateway is there in place of the setup. Who is not known to it any more is asked to log in. */
function useGateway(): void {
  useEffect(() => {
    const left = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      const now = await ask<Session>('/session', { left: left.signal });
      if (left.signal.aborted) return;
      if (isRefused(now) || now.is_setup) {
        timer = setTimeout(look, LOOK_MS);
        return;
      }
      go('/', 'replace');
      await enterGateway();
    };
    timer = setTimeout(look, LOOK_MS);
    return () => {
      left.abort();
      clearTimeout(timer);
    };
  }, []);
}

/** The page is elsewhere from now on: this one will not be answered any more. */
const isGone = (listen: string): boolean =>
  listen.startsWith('127.') && !/^(127\.|localhost$|\[::1\]$)/.test(location.hostname);

export function Done({ path, listen }: { readonly path: string; readonly listen: string }) {
  useGateway();
  const port = setup.value?.port ?? 3001;
  return (
    <Screen title={s('done')}>
      {isGone(listen) ? (
        <p>{s('doneHere', { url: `http://${listen}`, port })}</p>
      ) : (
        <>
          <p>{s('doneText', { path })}</p>
          <Spinner>{s('loading')}</Spinner>
        </>
      )}
    </Screen>
  );
}
