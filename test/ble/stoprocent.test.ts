import { contract } from './contract.ts';

contract('stoprocent');
