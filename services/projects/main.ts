import { main } from '#libs/bootstrap/main';
import { projects } from './service.js';

await main(projects);
