import { readdirSync, readFileSync } from 'node:fs';
import { convertDefinition } from '#libs/site-rules/cardigann/convert-definition';
const dir = process.argv[2]!;
for (const file of readdirSync(dir)) {
  try {
    const { losses, record } = convertDefinition(readFileSync(`${dir}/${file}`, 'utf8'));
    console.log(file, record ? '' : 'NO RECORD', losses.length, JSON.stringify(losses).slice(0, 900));
  } catch (e) { console.log(file, 'THROWS', (e as Error).stack?.slice(0, 500)); }
}
