import { main } from '#libs/bootstrap/main';
import { gateway } from './gateway.js';

await main(gateway);
