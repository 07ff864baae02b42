// Saves a file as editors do, where its folder exists, and says so by making WITNESS.
// usage: save-like-an-editor.mjs FILE TEXT in-place|rename WITNESS
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const [file, text, how, witness] = process.argv.slice(2);
if (existsSync(dirname(file))) {
  if (how === 'in-place') writeFileSync(file, text);
  else {
    writeFileSync(`${file}.swp`, text);
    renameSync(`${file}.swp`, file);
  }
  writeFileSync(witness, '');
}
