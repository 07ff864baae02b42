// Saves a file as editors do. usage: save-like-an-editor.mjs FILE TEXT in-place|rename
import { renameSync, writeFileSync } from 'node:fs';

const [file, text, how] = process.argv.slice(2);
if (how === 'in-place') writeFileSync(file, text);
else {
  writeFileSync(`${file}.swp`, text);
  renameSync(`${file}.swp`, file);
}
