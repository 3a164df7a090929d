// Pairing with a passkey: BlueZ asks our agent (doc/agent-api.txt of BlueZ 5.66) for what is printed on the battery. The agent is
// asked only for pairings that we began ourselves; it is never the machine's default agent.
import type { BluezAdapter } from './bluez-adapter.ts';
import { type Arguments, type BusMessage, isRefusal } from './bluez-bus.ts';
import { DEVICE } from './bluez-words.ts';

export type PasskeyOf = (address: string) => string | undefined;

const AGENT_PATH = '/org/bmsgate/agent';
/** It can type what the battery shows, and no more: whoever cannot prove to know the passkey is not paired with. */
const CAPABILITY = 'KeyboardOnly';
const PAIR_MS = 30_000;

/** `/org/bluez/hci0/dev_A4_C1_38_00_00_01` is A4:C1:38:00:00:01. */
const addressIn = (path: string): string => path.slice(path.lastIndexOf('/dev_') + 5).replaceAll('_', ':');

/** What the agent answers to a call of BlueZ; undefined rejects it. */
export function agentAnswer({ path, member, body }: BusMessage, passkeyOf: PasskeyOf): Arguments | undefined {
  if (path !== AGENT_PATH) return undefined;
  if (member === 'Release' || member === 'Cancel') return { signature: '', body: [] };
  const passkey = passkeyOf(addressIn(String(body[0])));
  if (passkey === undefined) return undefined;
  if (member === 'RequestPinCode') return { signature: 's', body: [passkey] };
  if (member === 'RequestPasskey' && /^\d{1,6}$/.test(passkey))
    return { signature: 'u', body: [Number(passkey)] };
  return undefined;
}

async function registerAgent(adapter: BluezAdapter): Promise<void> {
  const args = { signature: 'os', body: [AGENT_PATH, CAPABILITY] };
  try {
    await adapter.call('/org/bluez', 'org.bluez.AgentManager1', 'RegisterAgent', args);
  } catch (error) {
    if (!isRefusal(error, 'org.bluez.Error.AlreadyExists')) throw error;
  }
}

/** Pairs with this unit unless BlueZ already has its keys. */
export async function pair(adapter: BluezAdapter, path: string): Promise<void> {
  if (adapter.objects.get(path, DEVICE)?.Paired === true) return;
  await registerAgent(adapter);
  try {
    await adapter.call(path, DEVICE, 'Pair', undefined, PAIR_MS);
  } catch (error) {
    if (isRefusal(error, 'org.bluez.Error.AlreadyExists')) return;
    // Else BlueZ goes on with a pairing that nobody waits for any more; one that is over has nothing to cancel.
    await adapter.call(path, DEVICE, 'CancelPairing').catch(() => undefined);
    throw error;
  }
}
