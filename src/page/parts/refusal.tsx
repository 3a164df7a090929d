// Why what a button was pressed for was not done: it stands beside the button and is read out at once.
import { gatewayText } from '../words/gateway-words.tsx';
import { Icon } from './icon.tsx';

/** It is there before there is anything to say, for only then is what comes into it read out. */
export const Refusal = ({ why }: { readonly why: string | undefined }) => (
  <div class="refusal" aria-live="assertive">
    {why !== undefined && (
      <p class="problem">
        <Icon name="alarm" />
        <span>{gatewayText(why)}</span>
      </p>
    )}
  </div>
);
