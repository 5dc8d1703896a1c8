import { Command } from 'commander';

/** The `evidverse` command: both halves of the product from a terminal. Each file of commands/ adds its own command. */
const program = new Command('evidverse').description('Versions of films, and what titles mean, from a terminal.');
await program.parseAsync();
