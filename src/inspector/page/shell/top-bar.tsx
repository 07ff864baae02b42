import type { JSX } from 'preact';
import type { Session } from '../../protocol/session.js';
import type { Connection } from '../source/source.js';
import { visible } from '../text/visible.js';
import { ConnectionBadge } from './connection-badge.js';
import { hashOf } from './route.js';
import { ThemeButton } from './theme-button.js';

interface Props {
  session: Session | null;
  connection: Connection;
  isHistory: boolean;
}

export function TopBar({ session, connection, isHistory }: Props): JSX.Element {
  return (
    <header class="top-bar">
      <a class="brand" href={hashOf({ page: 'history' })}>
        <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true" focusable="false">
          <path class="shell-old" d="M11 2a9 9 0 100 18" />
          <path class="shell-new" d="M11 5.5a5.5 5.5 0 110 11 5.5 5.5 0 010-11z" />
        </svg>
        moult
      </a>
      <span class="project cut">{visible(session?.title ?? '')}</span>
      <nav aria-label="Pages" class="top-nav">
        {session?.mode === 'project' ? (
          <a href={hashOf({ page: 'history' })} aria-current={isHistory ? 'page' : undefined}>
            History
          </a>
        ) : null}
      </nav>
      <ConnectionBadge connection={connection} />
      <ThemeButton />
    </header>
  );
}
