import type { FileStanding } from '../moments/moment.js';
import type { Look } from '../moments/state-look.js';

/** How a planned file stood, in words, colour and shape. */
export function standingLook(standing: FileStanding | undefined): Look & { text: string } {
  switch (standing) {
    case 'saved':
      return { tone: 'idle', icon: 'file', text: 'as before, saved' };
    case 'changing':
      return { tone: 'run', icon: 'play', text: 'being changed' };
    case 'changed':
      return { tone: 'good', icon: 'check', text: 'as planned' };
    case 'conflict':
      return { tone: 'bad', icon: 'warning', text: 'conflict' };
    case 'restored':
      return { tone: 'back', icon: 'back', text: 'put back' };
    case 'kept':
      return { tone: 'wait', icon: 'person', text: 'left to its editor' };
    case 'not_restored':
      return { tone: 'bad', icon: 'warning', text: 'not put back' };
    case 'as_before':
    case undefined:
      return { tone: 'idle', icon: 'file', text: 'as before' };
  }
}
