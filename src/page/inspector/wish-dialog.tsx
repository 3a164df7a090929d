// The last question before bytes go to a battery: it names the risk, and wants the battery's id typed.
import { useState } from 'preact/hooks';
import { Confirm } from '../parts/confirm.tsx';
import { Field } from '../parts/field.tsx';
import { t } from '../words/words.ts';

export type Wish =
  | { readonly kind: 'raw'; readonly hex: string }
  | { readonly kind: 'fet'; readonly direction: 'charge' | 'discharge'; readonly on: boolean };

interface WishDialogProps {
  readonly battery: string;
  readonly wish: Wish;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
}

const titleOf = (battery: string, wish: Wish): string =>
  wish.kind === 'raw'
    ? t('inspector.sendTitle', { battery })
    : t(`inspector.fet_${wish.direction}_${wish.on ? 'on' : 'off'}`, { battery });

export function WishDialog({ battery, wish, onClose, onConfirm }: WishDialogProps) {
  const [typed, setTyped] = useState('');
  return (
    <Confirm
      title={titleOf(battery, wish)}
      action={t('inspector.doIt')}
      isDangerous
      isBlocked={typed !== battery}
      onClose={onClose}
      onConfirm={onConfirm}
    >
      <p>
        {t(wish.kind === 'raw' ? 'inspector.riskRaw' : wish.on ? 'inspector.riskOn' : 'inspector.riskOff')}
      </p>
      {wish.kind === 'raw' && <code class="long-hex">{wish.hex}</code>}
      <Field
        label={t('inspector.typeId', { battery })}
        value={typed}
        onValue={setTyped}
        input={{ autocomplete: 'off', autocapitalize: 'none', spellcheck: false }}
      />
    </Confirm>
  );
}
