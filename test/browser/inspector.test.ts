// The inspector of a gateway that a serial master, a Modbus master and an SMA inverter talk to.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSerial } from '../../src/modbus/serial.ts';
import type { BusHeard, StrangeId, TalkMessage } from '../../src/model/api/wire-talk.ts';
import { de } from '../../src/page/words/de.ts';
import { en } from '../../src/page/words/en.ts';
import { asciiText } from '../../src/profile/serial/ascii-frame.ts';
import { watch } from '../house/master.ts';
import { named, noSocat, ptyPair } from '../modbus/wires.ts';
import { noBrowser, openBrowser } from './chromium.ts';
import { packsInARow, type Shown } from './program.ts';
import { card, heading, logInAs } from './reading.ts';
import { barriers, overhang, type Size, sizes, themes, visit } from './visit.ts';

const PASSWORD = 'a cellar with four batteries';
const START_MS = 300_000;
const ASK_EVERY_MS = 500;
const BUS = 'bmsgate-none0';

/** There is no CAN here: what an inverter would send is put into the stream as the gateway tells it. */
const heardOnCan: readonly [id: number, hex: string][] = [
  [0x305, '14029cfff5002003'],
  [0x307, '0000000000000000'],
  [0x123, '0102'],
];

/** And what others send there: an inverter of another family, a battery, and who knows what. */
const strangeIds: readonly Omit<StrangeId, 'first_at_ms' | 'last_at_ms'>[] = [
  { id: 0x201, hex: '00ff', count: 12, per_s: 2 },
  { id: 0x351, remote: true, hex: '', count: 3, per_s: 0.2 },
  { id: 0x305, extended: true, hex: '0000000000000000', count: 40, per_s: 1 },
  {
    id: 0x1871,
    extended: true,
    hex: '0100010000000000',
    count: 40,
    per_s: 1,
    inverter_of: ['solax-hv'],
    title: 'poll',
  },
  { id: 0x4210, extended: true, hex: '5014cfff06010000', count: 40, per_s: 1, battery_of: ['pylontech-hv'] },
  { id: 0x5001, extended: true, hex: '0102030405060708', count: 160_000, per_s: 3988.4 },
  { id: 0x5002, extended: true, hex: '01', count: 1, per_s: 0 },
];
const others = {
  wire: BUS,
  beyond: 5,
  errors: [{ kind: 'error-passive', count: 2, last_at_ms: 0 }],
  doubles: [{ id: 0x356, hex: '5014', count: 17, last_at_ms: 0 }],
} as const satisfies Omit<BusHeard, 'ids'>;

interface Put {
  readonly frames: typeof heardOnCan;
  readonly strange: typeof strangeIds;
  readonly around: Omit<BusHeard, 'ids'>;
  readonly wire: string;
}

/** Of the page itself, before anything of it runs. */
function withFrames({ frames, strange, around, wire }: Put): void {
  const Plain = globalThis.EventSource;
  globalThis.EventSource = class extends Plain {
    constructor(url: string | URL, init?: EventSourceInit) {
      super(url, init);
      if (!String(url).endsWith('/talk')) return;
      const others = new Set<Event>();
      this.addEventListener('talk', (event) => {
        if (others.has(event) || !(event instanceof MessageEvent)) return;
        event.stopImmediatePropagation();
        const told = JSON.parse(event.data) as TalkMessage;
        const { now_ms } = told;
        const items = frames.map(([id, hex]) => ({ kind: 'frame', at_ms: now_ms, wire, way: '<', id, hex }));
        const now = <T extends object>(one: T) => ({ ...one, last_at_ms: now_ms });
        const bus = {
          ...around,
          ids: strange.map((row) => now({ ...row, first_at_ms: now_ms - 40_000 })),
          errors: around.errors.map(now),
          doubles: around.doubles.map(now),
        };
        const more = new MessageEvent('talk', {
          data: JSON.stringify({ ...told, items: [...told.items, ...items], buses: [bus] }),
        });
        others.add(more);
        this.dispatchEvent(more);
      });
    }
  };
}

const item = (page: Page, title: string | RegExp): Locator =>
  page
    .getByRole('listitem')
    .filter({ has: page.getByText(title, { exact: true }) })
    .first();

/** What an open item says, with ordinary spaces. */
const said = async (one: Locator): Promise<string> =>
  ((await one.innerText()) ?? '').replaceAll('\u00a0', ' ').replace(/\s+/g, ' ');

const lack = noBrowser ?? noSocat;

describe.skipIf(lack)(named('the inspector', lack), { timeout: 300_000 }, () => {
  let browser: Browser;
  let shown: Shown;
  const ends: (() => unknown)[] = [];

  beforeAll(async () => {
    const pty = await ptyPair();
    ends.push(pty.remove);
    browser = await openBrowser();
    ends.push(() => browser.close());
    shown = await packsInARow(2, [
      `{ id: far, profile: pylontech-rs485, serial: ${pty.slave} }`,
      `{ id: island, profile: sma, can: ${BUS} }`,
    ]);
    ends.push(() => shown.stop());
    const line = await openSerial({ path: pty.master, baud: 9600 });
    line.listen({ onBytes() {}, onGone() {} });
    const ask = (cid2: number) =>
      line.send(
        Buffer.from(asciiText({ ver: '20', adr: 2, cid1: 0x46, cid2, info: '02' }), 'latin1'),
        () => {},
      );
    const asking = setInterval(() => ask(0x42), ASK_EVERY_MS);
    ends.push(
      () => clearInterval(asking),
      () => line.close(),
    );
    ends.push(watch(shown.tcp, ASK_EVERY_MS).stop);
    const [, code = ''] = await shown.prints(/claim it with the code (\d{6})/);
    const claimed = await fetch(`${shown.origin}/api/v1/claim`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code, name: 'installer', password: PASSWORD }),
    });
    expect(claimed.status, await claimed.text()).toBeLessThan(300);
  }, START_MS);
  afterAll(async () => {
    for (const end of ends.toReversed()) await end();
  });

  /** An installer before the list of what goes over the wires. */
  async function atInspector(context: Parameters<typeof visit>[1], size: Size, locale = 'en-GB') {
    const reader = await visit(browser, context, { origin: shown.origin, size, locale });
    const { page } = reader;
    await page.addInitScript(withFrames, {
      frames: heardOnCan,
      strange: strangeIds,
      around: others,
      wire: BUS,
    });
    if (locale === 'en-GB') await logInAs(page, 'installer', PASSWORD);
    await page.goto('/inspector');
    return reader;
  }

  async function look(page: Page, name: string): Promise<void> {
    const folder = process.env.SCREENSHOTS;
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    for (const theme of themes) {
      await page.emulateMedia({ colorScheme: theme });
      const path = join(folder, `${name}-${theme}.png`);
      await page.screenshot({ path, fullPage: true, animations: 'disabled' });
    }
  }

  describe.each(['phone', 'wide'] as const)('on a %s screen', (size) => {
    test('tells what an inverter sends, value by value beside the line that names it', async (context) => {
      const reader = await atInspector(context, size);
      const { page } = reader;
      await heading(page, en.inspector.title).waitFor();
      const measured = item(page, '0x305');
      await measured.locator('summary').first().click();
      await measured.getByText('inverter_voltage').first().waitFor();
      const text = await said(measured);
      expect(text).toContain('inverter_voltage 53.2 V');
      expect(text).toContain('inverter_current 10 A');
      expect(text).toMatch(/sma\.yaml:\d+ .*means: inverter_soc/);
      const relays = item(page, '0x307');
      await relays.locator('summary').first().click();
      await relays.getByText(en.inspector.fact_onlyAlive).waitFor();
      const stranger = item(page, '0x123');
      await stranger.locator('summary').first().click();
      await stranger.getByText(en.inspector.fact_unknown).waitFor();
      await look(page, `heard-${size}`);
      expect([await barriers(page), await overhang(page)]).toEqual([[], 'none']);
      expect(reader.misdeeds()).toEqual([]);
    });

    test('tells who else is on the bus, and which profile such an inverter needs', async (context) => {
      const reader = await atInspector(context, size);
      const { page } = reader;
      const also = card(page, en.inspector.alsoOn.replace('{wire}', BUS));
      await also.getByText(en.inspector.anotherBattery).waitFor();
      // It is known once the page has read the profile.
      await also.getByText(/this id with 11.bits/).waitFor();
      const text = await said(also);
      expect(text).toContain('such ids; here island is set up as sma');
      expect(text).toContain('inverter that is set to solax-hv');
      expect(text).toContain('by pylontech-hv');
      expect(text).toContain('29 bits');
      expect(text).toContain(en.inspector.remote);
      expect(text).toContain('3,988 a second');
      expect(text).toContain('0x356');
      expect(text).toContain(en.inspector['error_error-passive']);
      await also.locator('details summary').click();
      await item(page, '0x00005002').waitFor();
      await look(page, `others-${size}`);
      expect([await barriers(page), await overhang(page)]).toEqual([[], 'none']);
      expect(reader.misdeeds()).toEqual([]);
    });

    test('says beside the button of the settings why it was refused', async (context) => {
      const reader = await atInspector(context, size);
      const { page } = reader;
      reader.bear();
      await page.goto('/settings');
      const accounts = card(page, en.settings.accounts);
      const form = accounts.locator('form');
      await form.getByLabel(en.settings.name, { exact: true }).fill('carla');
      await form.getByLabel(en.settings.newPassword, { exact: true }).fill('short');
      const button = form.getByRole('button', { name: en.settings.addAccount });
      await button.click();
      const refusal = form.locator('[aria-live] .problem');
      await refusal.waitFor();
      const [pressed, why] = [await button.boundingBox(), await refusal.boundingBox()];
      expect(Math.abs((why?.y ?? 0) - (pressed?.y ?? Number.POSITIVE_INFINITY))).toBeLessThan(120);
      await accounts.getByRole('button', { name: en.settings.remove }).first().click();
      await page.getByRole('button', { name: en.settings.removeDo, exact: true }).click();
      await accounts.locator('.account [aria-live] .problem').waitFor();
      await look(page, `settings-${size}`);
      expect([await barriers(page), await overhang(page)]).toEqual([[], 'none']);
    });

    test('tells a serial telegram whole: each cell by its number, length and checksum by name', async (context) => {
      const reader = await atInspector(context, size);
      const { page } = reader;
      const analog = item(page, 'far, address 2: command 0x42');
      await analog.locator('summary').first().click();
      await analog.getByText('cells: 16 of 16').waitFor();
      const text = await said(analog);
      for (const word of ['checksum', 'capacity_Ah', 'cells: 1 of 16', 'return code 00 (normal)'])
        expect(text).toContain(word);
      expect(text).toContain(en.inspector.piece_characters);
      expect(text).not.toContain(en.inspector.wrong);
      expect(text).toMatch(/pylontech-rs485\.yaml:\d+ .*row: cell_voltages_V/);
      await look(page, `telegram-${size}`);
      expect([await barriers(page), await overhang(page)]).toEqual([[], 'none']);
      expect(reader.misdeeds()).toEqual([]);
    });

    test('tells a Modbus question by function, start and count, and its answer register by register', async (context) => {
      const reader = await atInspector(context, size);
      const { page } = reader;
      const asked = item(page, /^ems, unit 1: function 3/);
      await asked.locator('summary').first().click();
      await asked.getByText('3 (read holding registers)').first().waitFor();
      const text = await said(asked);
      expect(text).toContain(en.inspector.theQuestion);
      expect(text).toContain(en.inspector.theAnswer);
      await look(page, `modbus-${size}`);
      expect([await barriers(page), await overhang(page)]).toEqual([[], 'none']);
    });
  });

  test('asks once more for a profile that the gateway was too busy to tell', async (context) => {
    const reader = await atInspector(context, 'wide');
    const { page } = reader;
    reader.bear();
    let asked = 0;
    await page.route('**/api/v1/inverters/island/profile', (route) =>
      ++asked === 1 ? route.abort() : route.continue(),
    );
    await page.reload();
    const measured = item(page, '0x305');
    await measured.locator('summary').first().click();
    await measured.getByText('inverter_voltage').first().waitFor();
    expect(asked).toBeGreaterThan(1);
  });

  test('speaks German too, also of what is wrong with a profile', async (context) => {
    const { page } = await atInspector(context, 'phone', 'de-DE');
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(request.url()));
    await page.goto('/settings');
    await page.getByLabel(de.session.name, { exact: true }).fill('installer');
    await page.getByLabel(de.session.password, { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: de.session.login }).click();
    await page.getByRole('button', { name: de.session.logout }).waitFor();
    await page.goto('/inspector');
    const measured = item(page, '0x307');
    await measured.locator('summary').first().click();
    await measured.getByText(de.inspector.fact_onlyAlive).waitFor();
    await page.getByText(de.inspector.anotherBattery).waitFor();
    for (const size of ['phone', 'wide'] as const) {
      await page.setViewportSize(sizes[size]);
      await look(page, `german-${size}`);
      expect(await overhang(page)).toBe('none');
    }
    await look(page, 'heard-german');

    await page.goto('/inspector?tab=profile');
    const text = page.getByRole('textbox', { name: /^Text von/ });
    const right = await text.inputValue();
    await text.fill(right.replace(/^title:/m, 'titel:'));
    const complaints = () => loaded.filter((url) => url.includes('/complaints-'));
    expect(complaints()).toEqual([]);
    await page.getByRole('button', { name: de.inspector.check }).click();
    const wrong = page.getByRole('listitem').filter({ hasText: 'unbekannter Schlüssel `titel`' });
    await wrong.waitFor();
    const line = right.split('\n').findIndex((one) => one.startsWith('title:')) + 1;
    expect(await said(wrong)).toBe(`${line}:1 unbekannter Schlüssel \`titel\`; ist \`title\` gemeint?`);
    expect(complaints()).toHaveLength(1);
    await look(page, 'wrong-german');
  });
});
