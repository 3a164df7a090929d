// A part of the page that is loaded when it is first looked at.
import { type ComponentType, h } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Empty, Spinner } from '../parts/empty.tsx';
import { t } from '../words/words.ts';

type Load = () => Promise<{ readonly Screen: ComponentType }>;

const Failed = () => (
  <Empty icon="warn">
    <p>{t('shell.chunkFailed')}</p>
    <button class="button" type="button" onClick={() => location.reload()}>
      {t('shell.reload')}
    </button>
  </Empty>
);

/** The component of that name once it is there. */
export function lazy(load: Load): ComponentType {
  let known: ComponentType | undefined;
  return function Lazy() {
    const [state, setState] = useState<ComponentType | 'loading' | 'failed'>(() => known ?? 'loading');
    useEffect(() => {
      if (known) return;
      load().then(
        ({ Screen }) => {
          known = Screen;
          setState(() => Screen);
        },
        () => setState('failed'),
      );
    }, []);
    if (state === 'loading') return <Spinner />;
    return state === 'failed' ? <Failed /> : h(state, {});
  };
}
