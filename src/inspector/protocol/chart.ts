/**
 * A statechart, laid out. Coordinates are pixels from the top left corner of the chart, for a monospaced font of
 * `fontSize` in which a character is 0.602 of that wide; `y` of a text is its baseline.
 */
export interface Chart {
  /** `improvement`, `restart`, or the id of a machine of the user. */
  id: string;
  fontSize: number;
  width: number;
  height: number;
  /** Parents before their children; the first is the root. */
  nodes: ChartNode[];
  edges: ChartEdge[];
}

export interface Text {
  /** `title` is bold; the others are small lines: `invoke`, `entry`, `exit`, `stays` (a transition that leads nowhere). */
  kind: 'title' | 'invoke' | 'entry' | 'exit' | 'stays' | 'description' | 'event' | 'guard';
  text: string;
  x: number;
  y: number;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface ChartNode extends Box {
  /** As XState names it: `improvement.implementing.applying`. */
  id: string;
  key: string;
  /** Null for the root. */
  parent: string | null;
  type: 'atomic' | 'compound' | 'parallel' | 'final' | 'history';
  /** Where its parent begins. */
  initial: boolean;
  texts: Text[];
  /** What `texts` say, for lists and for who cannot see. */
  entry: string[];
  exit: string[];
  invokes: { id: string; src: string }[];
  description: string | null;
}

export interface ChartEdge {
  /** The same for a machine and its `.provide` copies; entries of the timeline name it. */
  id: string;
  source: string;
  target: string;
  /** As the machine has it: `CANCEL`, `xstate.done.actor.rollBack`; empty for a transition that is taken at once. */
  event: string;
  /** As people read it: `rollBack done`. */
  label: string;
  guard: string | null;
  actions: string[];
  /** Its place among the transitions of the same state and event, tried in this order, from 1; null where it is alone. */
  order: number | null;
  /** From the source to the target; the arrow head is at the last point. Edges between the same two states share a line. */
  points: { x: number; y: number }[];
  /** Around `texts`, which say event and guard; the actions are in `actions` only. */
  labelBox: Box;
  texts: Text[];
}
