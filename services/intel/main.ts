import { main } from '#libs/bootstrap/main';
import { intel } from './service.js';

await main(intel);
