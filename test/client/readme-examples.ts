import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '#libs/config/package-root';

/** A program of the README with the lines it says are printed. */
export interface ReadmeExample {
  title: string;
  language: 'js' | 'sh';
  code: string;
  prints: string[];
}

/** The programs of the client's README, in order; what only installs is none. */
export async function readmeExamples(): Promise<ReadmeExample[]> {
  const text = await readFile(join(packageRoot(), 'libs/client/README.md'), 'utf8');
  const found = [...text.matchAll(/^## (.+)$|^```(js|sh)\n([^]*?)^```$/gm)];
  let title = '';
  const examples: ReadmeExample[] = [];
  for (const [, heading, language, code = ''] of found) {
    if (heading !== undefined) title = heading;
    else if (!code.startsWith('npm install'))
      examples.push({ title, language: language as 'js' | 'sh', code, prints: printed(code) });
  }
  return examples;
}

const printed = (code: string) => [...code.matchAll(/^(?:\/\/|#) (.+)$/gm)].map(([, line]) => line!);
