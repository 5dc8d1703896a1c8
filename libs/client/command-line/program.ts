import { Command, Option } from 'commander';
import type { AddCommand, CommandLine } from './command-line.js';
import { COMMANDS } from './command-table.js';

/** The whole command with all its parts, ready to parse; what is wrong in a question is thrown as a CommanderError. */
export function programFor(line: CommandLine): Command {
  const program = new Command('evidverse')
    .description('Versions of films, and what titles mean, from a terminal.')
    .version(line.version)
    .addOption(
      new Option(
        '-s, --server <url>',
        'the server (else EVIDVERSE_SERVER, the working copy’s, the last one signed in to)',
      ),
    )
    .addOption(new Option('-C, --directory <path>', 'as if started in this folder').default('.'))
    .addOption(new Option('--lang <language>', 'the language of changes').choices(['en', 'zh']).default('en'))
    .option('--json', 'answers as JSON, for programs')
    .addHelpText('after', EPILOGUE)
    .showHelpAfterError('(evidverse --help shows what there is)')
    .exitOverride();
  for (const [title, commands] of Object.entries(COMMANDS)) {
    program.commandsGroup(`${title}:`);
    for (const add of commands as readonly AddCommand[]) add(program, line);
  }
  everyCommand(program, (command) => command.exitOverride().showHelpAfterError('(--help shows what it takes)'));
  return program;
}

const EPILOGUE = `
A working copy is a folder with timeline.json, which you edit, and .evidverse/, which you leave alone.
EVIDVERSE_TOKEN stands for a sign-in, as in CI. Exit codes: 0 done, 1 could not be done, 2 wrong question.`;

function everyCommand(command: Command, work: (command: Command) => void): void {
  for (const one of command.commands) {
    work(one);
    everyCommand(one, work);
  }
}
