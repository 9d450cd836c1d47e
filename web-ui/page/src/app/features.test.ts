import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const FEATURES = join(import.meta.dirname, '../features');

test('no feature imports another', () => {
  for (const feature of readdirSync(FEATURES)) {
    for (const file of readdirSync(join(FEATURES, feature))) {
      const source = readFileSync(join(FEATURES, feature, file), 'utf8');
      const imports = [...source.matchAll(/from '([^']+)'/g)].map((match) => match[1]!);
      for (const path of imports.filter((name) => name.startsWith('..'))) {
        expect(path, `${feature}/${file}`).toMatch(/^\.\.\/\.\.\/(api|format|ui|testing)\//);
      }
    }
  }
});
