import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { expect, it } from 'vitest';
import { improvementMachine } from '../../../machines/improvement-machine.js';
import { restartMachine } from '../../../machines/restart-machine.js';
import { toSvg } from '../../../src/inspector/chart/to-svg.js';

it.each([improvementMachine, restartMachine])(
  'the picture of the machine $id in docs/images is true (npm run docs:machines)',
  async (machine) => {
    const file = path.resolve(import.meta.dirname, `../../../docs/images/${machine.id}-machine.svg`);
    expect(readFileSync(file, 'utf8').trimEnd()).toBe((await toSvg(machine)).trimEnd());
  },
);
