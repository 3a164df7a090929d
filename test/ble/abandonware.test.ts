import { contract } from './contract.ts';

contract('abandonware');
