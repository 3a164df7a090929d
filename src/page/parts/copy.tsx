// Copies a text. Over plain HTTP a browser does not let a page write to the clipboard: then it is shown, chosen, to be copied by hand.
import { useState } from 'preact/hooks';
import { t } from '../words/words.ts';
import { Button } from './button.tsx';
import { Dialog } from './confirm.tsx';

async function isCopied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

const SAID_FOR_MS = 2000;

export function CopyButton({ text, label }: { readonly text: () => string; readonly label?: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'by hand'>('idle');
  const copy = async () => {
    const done = await isCopied(text());
    setState(done ? 'copied' : 'by hand');
    if (done) setTimeout(() => setState('idle'), SAID_FOR_MS);
  };
  return (
    <>
      <Button icon={state === 'copied' ? 'well' : 'copy'} isLocal onClick={copy}>
        {state === 'copied' ? t('parts.copied') : (label ?? t('parts.copy'))}
      </Button>
      {state === 'by hand' && (
        <Dialog title={t('parts.copyByHand')} onClose={() => setState('idle')}>
          <div class="field">
            <textarea
              rows={8}
              readOnly
              aria-label={t('parts.copyByHand')}
              ref={(area) => area?.select()}
              value={text()}
            />
          </div>
          <div class="row">
            <Button isLocal onClick={() => setState('idle')}>
              {t('parts.close')}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
