import { migrate } from '#libs/database/migrate';

/** `npm run migrate`: brings the database of DATABASE_URL up to date; safe to run twice, and by several at once. */
const url = process.env.DATABASE_URL;
if (url === undefined || url === '') {
  process.stderr.write('DATABASE_URL is not set: postgres://user:password@host:5432/database is expected.\n');
  process.exit(1);
}
try {
  const applied = await migrate(url, (line) => console.log(line));
  console.log(applied.length === 0 ? 'the database is up to date' : `${applied.length} migrations applied`);
} catch (error) {
  process.stderr.write(`The migration failed: ${(error as Error).message}\n`);
  process.exit(1);
}
