// Calls the MQTT broker of a draft once, as the gateway will, and says nothing to it but who calls.
import { randomBytes } from 'node:crypto';
import type { GatewayConfig } from '../config/gateway-file.ts';
import { mqttOrders } from '../config/mqtt-orders.ts';
import type { ReadSecret } from '../config/secrets.ts';
import type { SetupFinding } from '../model/api/setup.ts';
import { type Trouble, troubleText } from '../mqtt/trouble.ts';
import { broken, ok } from './judged.ts';

/** Undefined where no broker is named. */
export async function brokerFinding(
  { file }: GatewayConfig,
  secret: ReadSecret,
): Promise<SetupFinding | undefined> {
  const orders = mqttOrders(file);
  if (!orders) return undefined;
  const { place, passwordFile } = orders;
  const [{ dialer }, { readCertificate }] = await Promise.all([
    import('../mqtt/dial.ts'),
    import('../mqtt/certificate.ts'),
  ]);
  const dial = dialer({
    place,
    session: { clientId: `bmsgate_setup_${randomBytes(4).toString('hex')}` },
    password: () => (passwordFile === undefined ? undefined : secret(passwordFile)),
    ca: () => (place.caFile === undefined ? undefined : readCertificate(place.caFile)),
  });
  const trouble = await new Promise<Trouble | undefined>((resolve) =>
    dial({
      up(link) {
        resolve(undefined);
        void link.end();
      },
      heard: () => {},
      cut: () => {},
      refused: () => {},
      down: resolve,
    }),
  );
  const about = `${place.host}:${place.port}`;
  return trouble
    ? broken(about, troubleText(trouble, place))
    : ok(about, 'this MQTT broker lets the gateway in');
}
