import type { JSX } from 'preact';
import type { Session } from '../../protocol/session.js';
import type { Connection, Source } from '../source/source.js';

interface Props {
  source: Source;
  session: Session;
  onConnection: (connection: Connection) => void;
}

/** Actors of the user. */
export function ActorsPage({ session }: Props): JSX.Element {
  return <p>{session.title}</p>;
}
