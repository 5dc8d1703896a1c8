import { main } from '#libs/bootstrap/main';
import { mesh } from './service.js';

await main(mesh);
