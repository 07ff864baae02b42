// A plan whose new contents are large beside everything else that is written, for the campaigns with real disks.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeProject } from './make-project.mjs';
import { seededRandom } from './seeded-random.mjs';

const kib = 1024;

/** The project of the other campaigns, with two large files more. Committed first, where there is git. */
export async function makeBulkyProject(root, { git }) {
  await makeProject(root, { git });
  writeFileSync(join(root, 'src/large-0.txt'), text(40 * kib, 1));
  writeFileSync(join(root, 'src/large-1.txt'), text(20 * kib, 2));
  if (git) execFileSync('git', ['add', 'src/large-0.txt'], { cwd: root });
}

/** Every kind of change at once; `scale` times 150 KiB of new content. */
export function bulkyRequest(scale = 1) {
  const size = (count) => Math.round(count * kib * scale);
  const changes = [
    { file: 'src/large-0.txt', type: 'modify', content: text(size(50), 3) },
    { file: 'src/large-1.txt', type: 'delete' },
    { file: 'src/modify-0.txt', type: 'modify', content: text(size(30), 4) },
    { file: 'src/mode-0.sh', type: 'modify', mode: '0755' },
    { file: 'made/for/it.txt', type: 'create', content: text(size(50), 5) },
    { file: 'src/unlink-0', type: 'modify', content: text(size(10), 6), mode: '0644' },
    { file: 'src/link-0.txt', type: 'modify', symlink: 'keep.txt' },
    { file: 'created.txt', type: 'create', content: text(size(10), 7) },
  ];
  return { description: 'bulky', targetFiles: [], requiresRestart: false, changes };
}

/** Lines that hardly compress, so that git's objects take room as well. */
function text(sizeBytes, seed) {
  const random = seededRandom(seed);
  const bytes = Buffer.from(Array.from({ length: Math.ceil(sizeBytes * 0.75) }, () => random() * 256));
  return bytes.toString('base64').replaceAll(/.{76}/g, '$&\n').slice(0, sizeBytes);
}
