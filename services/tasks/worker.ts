import { main } from '#libs/bootstrap/main';
import { tasksWorker } from './service.js';

await main(tasksWorker);
