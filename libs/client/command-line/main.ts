import { CommanderError } from 'commander';
import { CommandLine } from './command-line.js';
import { readEnvironment } from './environment.js';
import { programFor } from './program.js';
import { Terminal } from './terminal.js';
import { VERSION } from './version.js';

const OLDEST_NODE = 22;
if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  process.stderr.write(`evidverse needs Node ${OLDEST_NODE} or newer; this is ${process.versions.node}.\n`);
  process.exitCode = 1;
} else process.exitCode = await run();

/**
 * The `evidverse` command: both halves of the product from a terminal. It ends with 0 when done, 1 when what was asked for
 * could not be done, 2 when the question was wrong.
 */
async function run(): Promise<number> {
  const line = new CommandLine(readEnvironment(), new Terminal(process.stdin, process.stdout, process.stderr), VERSION);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough (`| head`) stops no work that is under way; a disk that is full does.
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    await programFor(line).parseAsync();
    return line.exit;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    return thrown.exitCode === 0 ? 0 : 2;
  }
}
