// A bluetoothd whose every word is the test's, on a real D-Bus daemon of its own. Interfaces as in doc/*-api.txt of BlueZ 5.66.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Message, type MessageBus, sessionBus, Variant } from 'dbus-next';

export { Variant };

export const hasBus = spawnSync('dbus-daemon', ['--version']).status === 0;

export interface Bus {
  readonly address: string;
  readonly stop: () => Promise<void>;
}

/** A D-Bus daemon with its socket in a folder of its own. */
export async function startBus(): Promise<Bus> {
  const folder = mkdtempSync(join(tmpdir(), 'bmsgate-bus-'));
  const address = `unix:path=${join(folder, 'bus')}`;
  const rules = '<allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/>';
  const file = join(folder, 'bus.conf');
  writeFileSync(
    file,
    `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
      "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
    <busconfig><listen>${address}</listen><policy context="default">${rules}</policy></busconfig>`,
  );
  const daemon: ChildProcess = spawn(
    'dbus-daemon',
    [`--config-file=${file}`, '--nofork', '--nopidfile', '--print-address'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const exited = new Promise((resolve) => daemon.on('exit', resolve));
  if (!daemon.stdout) throw new Error('no output of dbus-daemon');
  await new Promise((resolve) => createInterface(daemon.stdout ?? process.stdin).once('line', resolve));
  return {
    address,
    stop: async () => {
      daemon.kill();
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type Properties = Record<string, Variant>;
type Interfaces = Record<string, Properties>;
export interface Call {
  readonly path: string;
  readonly member: string;
  readonly body: readonly unknown[];
  readonly sender: string;
}
/** The answer of a method: nothing, or a D-Bus error thrown as `[name, text]`. */
export type Behaviour = (call: Call) => void | Promise<void>;

export class Refusal extends Error {
  readonly errorName: string;
  constructor(errorName: string, text: string) {
    super(text);
    this.errorName = errorName;
  }
}

export const s = (text: string) => new Variant('s', text);
export const b = (isSo: boolean) => new Variant('b', isSo);
export const n = (number: number) => new Variant('n', number);
export const bytes = (...all: number[]) => new Variant('ay', Buffer.from(all));
export const texts = (...all: string[]) => new Variant('as', all);

const PROPERTIES = 'org.freedesktop.DBus.Properties';
const MANAGER = 'org.freedesktop.DBus.ObjectManager';
export const ADAPTER = 'org.bluez.Adapter1';
export const DEVICE = 'org.bluez.Device1';
export const SERVICE = 'org.bluez.GattService1';
export const CHARACTERISTIC = 'org.bluez.GattCharacteristic1';

/** What bluetoothd knows and does. Methods do nothing and succeed unless `does` says more. */
export class FakeBluez {
  readonly calls: Call[] = [];
  readonly does: Record<string, Behaviour> = {};
  private readonly tree = new Map<string, Interfaces>();
  private readonly bus: MessageBus;

  constructor(bus: MessageBus) {
    this.bus = bus;
    bus.addMethodHandler((message: Message) => {
      void this.answer(message);
      return true;
    });
  }

  static async connect(address: string): Promise<MessageBus> {
    const bus = sessionBus({ busAddress: address });
    await new Promise<void>((resolve) => bus.on('connect', resolve));
    return bus;
  }

  static async start(address: string): Promise<FakeBluez> {
    const bus = await FakeBluez.connect(address);
    // Its daemon may end before it does.
    bus.on('error', () => {});
    const bluez = new FakeBluez(bus);
    await bus.requestName('org.bluez', 0);
    return bluez;
  }

  /** All that was sent has reached the bus. */
  async settle(): Promise<void> {
    await this.bus.requestName('org.example.settled', 0);
  }

  stop(): void {
    this.bus.disconnect();
  }

  /** The paths that this method was called on, in order. */
  asked(member: string): string[] {
    return this.calls.filter((call) => call.member === member).map(({ path }) => path);
  }

  add(path: string, interfaces: Interfaces): void {
    this.tree.set(path, { ...this.tree.get(path), ...interfaces });
    this.signal('/', MANAGER, 'InterfacesAdded', 'oa{sa{sv}}', [path, interfaces]);
  }

  remove(path: string): void {
    const names = Object.keys(this.tree.get(path) ?? {});
    this.tree.delete(path);
    this.signal('/', MANAGER, 'InterfacesRemoved', 'oas', [path, names]);
  }

  set(path: string, iface: string, changed: Properties, invalid: string[] = []): void {
    const known = this.tree.get(path)?.[iface];
    if (!known) throw new Error(`${path} has no ${iface}`);
    Object.assign(known, changed);
    for (const name of invalid) delete known[name];
    this.signal(path, PROPERTIES, 'PropertiesChanged', 'sa{sv}as', [iface, changed, invalid]);
  }

  /** Asks the agent of a client, as bluetoothd does while it pairs. */
  async askAgent(client: string, agent: string, member: string, device: string): Promise<unknown> {
    const reply = await this.bus.call(
      new Message({
        destination: client,
        path: agent,
        interface: 'org.bluez.Agent1',
        member,
        signature: 'o',
        body: [device],
      }),
    );
    return reply?.body[0];
  }

  private told({ member, path, body }: Call): [signature: string, body: unknown[]] {
    if (member === 'GetManagedObjects') return ['a{oa{sa{sv}}}', [Object.fromEntries(this.tree)]];
    if (member === 'GetAll') return ['a{sv}', [this.tree.get(path)?.[String(body[0])] ?? {}]];
    return ['', []];
  }

  private signal(path: string, iface: string, name: string, signature: string, body: unknown[]): void {
    this.bus.send(Message.newSignal(path, iface, name, signature, body));
  }

  private async answer(message: Message): Promise<void> {
    const { path, member, body, sender } = message;
    const call = { path, member, body, sender };
    this.calls.push(call);
    try {
      if (member === 'Set') this.set(path, body[0], { [body[1]]: body[2] });
      await this.does[member]?.(call);
      const [signature, told] = this.told(call);
      this.bus.send(Message.newMethodReturn(message, signature, told));
    } catch (error) {
      const name = error instanceof Refusal ? error.errorName : 'org.bluez.Error.Failed';
      const text = error instanceof Error ? error.message : String(error);
      // The package's type says string here; its sources take the message.
      this.bus.send(Message.newError(message as unknown as string, name, text));
    }
  }
}
