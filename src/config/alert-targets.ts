import { hostname } from 'node:os';
import type { AlertTarget } from '../alerts/target.ts';
import { given } from './given.ts';
import type { GatewayFile } from './schema.ts';

type AlertEntry = NonNullable<GatewayFile['alerts']>[number];

/** Whoever names kinds wants all of these. */
const severityOf = ({ from_severity, kinds }: AlertEntry) => from_severity ?? (kinds ? 'info' : 'warning');

function targetOf(entry: AlertEntry): AlertTarget {
  const { id, webhook, ntfy, token_file: tokenFile, ca_file: caFile, kinds, when, site } = entry;
  return {
    id,
    form: webhook === undefined ? 'ntfy' : 'webhook',
    url: webhook ?? ntfy ?? '',
    fromSeverity: severityOf(entry),
    when,
    site: site ?? hostname(),
    ...given({ tokenFile, caFile, kinds }),
  };
}

/** Whom the file wants to be told of events; it has passed its checks. */
export const alertTargets = ({ alerts = [] }: GatewayFile): AlertTarget[] => alerts.map(targetOf);
