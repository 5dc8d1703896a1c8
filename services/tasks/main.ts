import { main } from '#libs/bootstrap/main';
import { tasks } from './service.js';

await main(tasks);
