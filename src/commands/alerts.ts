import type { Command } from 'commander';
import { sendMessage, serverOf } from '../alerts/alerts.ts';
import type { Outcome } from '../alerts/courier.ts';
import { deliver } from '../alerts/deliver.ts';
import { testMessage } from '../alerts/message.ts';
import type { AlertTarget } from '../alerts/target.ts';
import { alertTargets } from '../config/alert-targets.ts';
import { readText } from '../config/files.ts';
import { readGateway } from '../config/gateway-file.ts';
import { readSecret } from '../config/secrets.ts';
import { GatewayError } from '../model/errors.ts';
import { after } from '../timers.ts';

const refused = (message: string) => new GatewayError('REFUSED', { message });

function chosen(path: string, id: string | undefined): AlertTarget[] {
  const targets = alertTargets(readGateway(path).file);
  if (targets.length === 0)
    throw refused(`${path} has no \`alerts\`; docs/alerts.md shows how to write them`);
  const found = targets.filter((target) => id === undefined || target.id === id);
  if (found.length === 0)
    throw refused(`there is no alert \`${id}\`; there are: ${targets.map((t) => t.id).join(', ')}`);
  return found;
}

const resultText = (target: AlertTarget, outcome: Outcome): string =>
  outcome.end === 'delivered'
    ? `${target.id}: ${serverOf(target)} has taken the message`
    : `${target.id}: not delivered: ${serverOf(target)} ${outcome.why}`;

/** One message to each, one after the other; it says of each what happened. */
async function test(id: string | undefined, { config }: { readonly config: string }): Promise<void> {
  for (const target of chosen(config, id)) {
    const outcome = await sendMessage(target, testMessage(target.site, Date.now()), {
      deliver: (post, ca) => deliver(post, { after, ...(ca !== undefined && { ca }) }),
      readSecret,
      readCa: readText,
    });
    const isFine = outcome.end === 'delivered';
    (isFine ? process.stdout : process.stderr).write(`${resultText(target, outcome)}\n`);
    if (!isFine) process.exitCode = 1;
  }
}

/** `bmsgate alerts`: whether messages arrive, before one matters. */
export function addAlerts(program: Command): void {
  program
    .command('alerts')
    .description('the messages that tell of events, to a webhook or to ntfy')
    .command('test [id]')
    .description('send one test message to the alert of this id, or to all, and say what happened')
    .option('--config <file>', 'the gateway file', 'gateway.yaml')
    .action(test);
}
