import { DatabaseConfig } from '#libs/config/common-config';
import { ConfigError, readConfig } from '#libs/config/read-config';
import { migrate } from '#libs/database/migrate';

/** `npm run migrate`: brings the database of DATABASE_URL up to date; safe to run twice, and by several at once. */
try {
  const { DATABASE_URL } = readConfig((mode) => ({ DATABASE_URL: DatabaseConfig(mode).DATABASE_URL }), process.env);
  const applied = await migrate(DATABASE_URL, (line) => console.log(line));
  console.log(applied.length === 0 ? 'the database is up to date' : `${applied.length} migrations applied`);
} catch (error) {
  const words = (error as Error).message;
  process.stderr.write(error instanceof ConfigError ? `${words}\n` : `The migration failed: ${words}\n`);
  process.exit(1);
}
