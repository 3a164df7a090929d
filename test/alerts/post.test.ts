import { describe, expect, test } from 'vitest';
import { type AlertMessage, messageOf, type Phase, testMessage } from '../../src/alerts/message.ts';
import { postOf } from '../../src/alerts/post.ts';
import type { AlertTarget } from '../../src/alerts/target.ts';
import type { BankEvent } from '../../src/model/events.ts';
import { highCell, over, phone, started } from './events.ts';

const ntfy: AlertTarget = { ...phone, form: 'ntfy', url: 'https://ntfy.sh:8443/barn-7', site: 'Scheune Süd' };
const wallMs = (atMs: number) => Date.UTC(2026, 10, 28) + atMs;
const told = (event: BankEvent, phase: Phase): AlertMessage =>
  messageOf(event, phase, { site: ntfy.site, wallMs });
const ntfyOf = (event: BankEvent, phase: Phase) => JSON.parse(postOf(ntfy, told(event, phase)).body);

describe('a message to ntfy', () => {
  test('is published as JSON at the root of the server, so that its title may hold any letter', () => {
    const { url, headers, body } = postOf(ntfy, told(highCell, 'begin'), 'tk_secret');
    expect(url.href).toBe('https://ntfy.sh:8443/');
    expect(headers).toMatchObject({ 'Content-Type': 'application/json', Authorization: 'Bearer tk_secret' });
    expect(JSON.parse(body)).toEqual({
      topic: 'barn-7',
      title: 'Scheune Süd: Protection',
      message: 'protection cell_high_voltage: 3.66 V\nworst: max_cell_voltage_V 3.66',
      priority: 5,
      tags: ['rotating_light', 'protection'],
    });
  });

  test('says that it is over, quietly, and how long it was', () => {
    expect(ntfyOf(over(highCell, 1000 + 95_000), 'end')).toEqual({
      topic: 'barn-7',
      title: 'Scheune Süd: over: Protection',
      message:
        'protection cell_high_voltage: 3.66 V\nworst: max_cell_voltage_V 3.66\nover after 1.6 min; it began 2026-11-28T00:00:01.000Z',
      priority: 3,
      tags: ['white_check_mark', 'protection'],
    });
  });

  test('is as loud as its event', () => {
    expect(ntfyOf(started, 'moment')).toMatchObject({
      message: 'ear was started anew',
      priority: 4,
      tags: ['warning', 'child_replaced'],
    });
    const lost: BankEvent = { ...highCell, kind: 'battery_lost', subject: 'b' };
    expect(ntfyOf(lost, 'begin').title).toBe('Scheune Süd: Battery lost (b)');
    expect(JSON.parse(postOf(ntfy, testMessage('barn', 0)).body)).toMatchObject({
      title: 'barn: Test',
      priority: 3,
    });
  });
});

test('a message to a webhook is its JSON, at the whole address', () => {
  const { url, headers, body } = postOf(
    { ...phone, url: 'https://h.example/a/b?c=d' },
    told(highCell, 'begin'),
  );
  expect(url.href).toBe('https://h.example/a/b?c=d');
  expect(headers).not.toHaveProperty('Authorization');
  expect(JSON.parse(body)).toEqual(told(highCell, 'begin'));
});
