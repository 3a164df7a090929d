import { soakFor } from './soak.ts';

soakFor('stoprocent');
