// Was an einer Datei falsch ist, auf Deutsch. Nur wer auf Deutsch davon liest, lädt es.
import type { Sayings } from '../gateway-said.ts';
import { battery } from './complaints/battery.ts';
import { bus } from './complaints/bus.ts';
import { document } from './complaints/document.ts';
import { files } from './complaints/files.ts';
import { gatewayFile } from './complaints/gateway-file.ts';
import { numbers } from './complaints/numbers.ts';
import { profile } from './complaints/profile.ts';
import { yaml } from './complaints/yaml.ts';

/** By room, so that a test can see that no two of them say the same sentence. */
export const complaintRooms = { battery, bus, document, files, gatewayFile, numbers, profile, yaml } as const;

export const complaints: Sayings = Object.assign({}, ...Object.values(complaintRooms));
