import { main } from '#libs/bootstrap/main';
import { media } from './service.js';

await main(media);
