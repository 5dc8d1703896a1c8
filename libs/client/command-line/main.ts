import { CommanderError } from 'commander';
import { CommandLine } from './command-line.js';
import { readEnvironment } from './environment.js';
import { programFor } from './program.js';
import { Terminal } from './terminal.js';
import { VERSION } from './version.js';

/**
 * The `evidverse` command: both halves of the product from a terminal. It ends with 0 when done, 1 when what was asked for
 * could not be done, 2 when the question was wrong.
 */
const OLDEST_NODE = 22;
if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  process.stderr.write(`evidverse needs Node ${OLDEST_NODE} or newer; this is ${process.versions.node}.\n`);
  process.exit(1);
}
const line = new CommandLine(readEnvironment(), new Terminal(process.stdin, process.stdout, process.stderr), VERSION);
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
});
try {
  await programFor(line).parseAsync();
  process.exitCode = line.exit;
} catch (thrown) {
  if (!(thrown instanceof CommanderError)) throw thrown;
  process.exitCode = thrown.exitCode === 0 ? 0 : 2;
}
