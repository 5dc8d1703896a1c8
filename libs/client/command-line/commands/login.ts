import { AppError } from '#libs/errors/app-error';
import { connect } from '../../api/api.js';
import { bearer } from '../../api/credentials.js';
import { signIn } from '../../api/session.js';
import type { AddCommand, CommandLine, CommonOptions, Outcome } from '../command-line.js';

interface Options extends CommonOptions {
  email?: string;
  passwordStdin?: boolean;
  tokenStdin?: boolean;
  register?: boolean;
  name?: string;
}

/** `evidverse login`: by password, which is asked for, or by a token; the sign-in is kept for this person alone. */
export const login: AddCommand = (program, line) =>
  void program
    .command('login')
    .description('sign in to a server, and stay so')
    .option('-e, --email <address>', 'who you are; asked for if not said')
    .option('--password-stdin', 'read the password from standard input')
    .option('--token-stdin', 'read an access token from standard input instead')
    .option('--register', 'make the account first')
    .option('--name <name>', 'your full name, for a new account')
    .action(line.run((options: Options) => (options.tokenStdin ? byToken(line, options) : byPassword(line, options))));

async function byPassword(line: CommandLine, options: Options): Promise<Outcome> {
  const server = await line.chosenServer(options);
  const { terminal, environment } = line;
  terminal.note(`Signing in to ${server}`);
  const email = options.email ?? (await terminal.ask('E-mail: '));
  const password = options.passwordStdin
    ? (await terminal.readAll()).replace(/\r?\n$/, '')
    : (environment.password ?? (await terminal.ask('Password: ', { secret: true })));
  const sender = line.sender(server);
  if (options.register)
    await connect(sender).post('/api/v1/auth/register', { body: { email, password, full_name: options.name } });
  const tokens = await signIn(sender, email, password);
  await line.accounts.signIn(server, { email, tokens });
  return { data: { server, email }, text: `You are ${email} at ${server}.` };
}

async function byToken(line: CommandLine, options: Options): Promise<Outcome> {
  const server = await line.chosenServer(options);
  const token = (await line.terminal.readAll()).trim();
  if (token === '') throw new AppError('invalid', 'There is no token on standard input.');
  const { email } = await connect({ ...line.sender(server), credentials: bearer(token) }).get('/api/v1/users/me');
  await line.accounts.signIn(server, { email, token });
  return { data: { server, email }, text: `You are ${email} at ${server}, for as long as the token is good.` };
}
