import type { ActionAnswer, LiveMessage } from '../../protocol/live.js';

/**
 * `live`: messages come; `connecting`: not yet, or not any more, and it is tried again; `ended`: the server is gone;
 * `report`: there never was one.
 */
export type Connection = 'connecting' | 'live' | 'ended' | 'report';

export interface Listener {
  onMessage: (message: LiveMessage) => void;
  onConnection: (connection: Connection) => void;
}

/** Where the answers come from: a server, or the report that this page is in. */
export interface Source {
  /** `address` as the protocol names it. @throws RefusedError */
  get<Answer>(address: string): Promise<Answer>;
  /** @throws RefusedError */
  post(address: string, body: object): Promise<ActionAnswer>;
  /** Listens until the answered function is called. `task`: null for the history alone. */
  follow(task: string | null, listener: Listener): () => void;
}
