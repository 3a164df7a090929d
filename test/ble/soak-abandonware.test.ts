import { soakFor } from './soak.ts';

soakFor('abandonware');
