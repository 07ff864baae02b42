import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { eventLabel } from '../../definition/event-label.js';
import { guardName } from '../../definition/guard-name.js';
import { siblingTransitions } from '../../definition/sibling-transitions.js';
import { stateNodes } from '../../definition/state-nodes.js';

/**
 * A machine as a Mermaid state diagram: its innermost states, and each way from one to another with its reasons. The
 * regions of a parallel state are drawn inside it.
 */
export function toMermaid(machine: AnyStateMachine): string {
  const names = mermaidNames(machine);
  return ['stateDiagram-v2', ...diagramOf(machine.root as AnyStateNode, names, '  ')].join('\n');
}

type Names = ReadonlyMap<AnyStateNode, string>;

function diagramOf(root: AnyStateNode, names: Names, indent: string): string[] {
  const boxes = boxesBelow(root);
  const name = (node: AnyStateNode) => names.get(node)!;
  return [
    ...boxes.flatMap((box) => declaration(box, names)),
    `[*] --> ${name(boxOf(firstOf(root), boxes)!)}`,
    ...boxes.flatMap((box) => arrowsFrom(box, boxes, names)),
    ...boxes.filter(({ type }) => type === 'final').map((box) => `${name(box)} --> [*]`),
  ].map((line) => `${indent}${line}`);
}

function declaration(box: AnyStateNode, names: Names): string[] {
  const head = `state "${escaped(box.path.join('.') || box.key)}" as ${names.get(box)}`;
  if (box.type !== 'parallel') return [head];
  const regions = childrenOf(box).map((region) => diagramOf(region, names, '  '));
  const inside = regions.flatMap((lines, index) => (index === 0 ? lines : ['  --', ...lines]));
  return [head, `state ${names.get(box)} {`, ...inside, '}'];
}

function arrowsFrom(box: AnyStateNode, boxes: readonly AnyStateNode[], names: Names): string[] {
  const reasons = new Map<AnyStateNode, Set<string>>();
  for (const transition of transitionsOf(box)) {
    const target = boxOf(firstOf((transition.target as AnyStateNode[])[0]!), boxes);
    // What stays inside a parallel state is drawn there.
    if (target === undefined || (target === box && transition.source !== box && box.type === 'parallel'))
      continue;
    reasons.set(target, (reasons.get(target) ?? new Set()).add(reasonOf(transition)));
  }
  return [...reasons].map(
    ([target, labels]) => `${names.get(box)} --> ${names.get(target)} : ${escaped([...labels].join(' or '))}`,
  );
}

/** Its own, those of the states around it, and for a parallel state those inside. */
function transitionsOf(box: AnyStateNode): AnyTransitionDefinition[] {
  const around: AnyStateNode[] = [];
  for (let node = box.parent; node; node = node.parent) around.push(node);
  const inside = box.type === 'parallel' ? descendantsOf(box) : [];
  return [box, ...around, ...inside].flatMap(ownTransitions).filter(({ target }) => target !== undefined);
}

function ownTransitions({ always, transitions }: AnyStateNode): AnyTransitionDefinition[] {
  return [...((always ?? []) as AnyTransitionDefinition[]), ...[...transitions.values()].flat()];
}

function reasonOf(transition: AnyTransitionDefinition): string {
  const event = eventLabel(transition.eventType as string);
  const guard = guardName(transition);
  if (guard !== null) return `${event}, ${guard}`;
  return siblingTransitions(transition).length > 1 ? `${event}, otherwise` : event;
}

/** What is drawn as one state: innermost states, and parallel ones. */
function boxesBelow(root: AnyStateNode): AnyStateNode[] {
  const children = childrenOf(root);
  if (children.length === 0) return [root];
  return children.flatMap((child) => (isBox(child) ? [child] : boxesBelow(child)));
}

/** The box that a state is, or lies in. */
function boxOf(node: AnyStateNode, boxes: readonly AnyStateNode[]): AnyStateNode | undefined {
  return boxes.includes(node) ? node : node.parent && boxOf(node.parent, boxes);
}

/** Where a state begins. */
function firstOf(node: AnyStateNode): AnyStateNode {
  if (isBox(node)) return node;
  const target = (node.initial as { target?: readonly AnyStateNode[] } | undefined)?.target;
  return target?.[0] ? firstOf(target[0]) : node;
}

function childrenOf(node: AnyStateNode): AnyStateNode[] {
  return Object.values(node.states as Record<string, AnyStateNode>);
}

function descendantsOf(node: AnyStateNode): AnyStateNode[] {
  return childrenOf(node).flatMap((child) => [child, ...descendantsOf(child)]);
}

function isBox(node: AnyStateNode): boolean {
  return node.type === 'parallel' || childrenOf(node).length === 0;
}

/** The key of a state where it is the only one, and a word; else its path. */
function mermaidNames(machine: AnyStateMachine): Names {
  const nodes = [machine.root as AnyStateNode, ...stateNodes(machine)].filter(isBox);
  const word = (text: string) => text.replace(/\W/g, '_');
  const keys = nodes.map(({ key }) => word(key));
  const names = nodes.map((node, index) =>
    keys.filter((key) => key === keys[index]).length === 1
      ? keys[index]!
      : word(node.path.join('__')) || 'root',
  );
  return new Map(nodes.map((node, index) => [node, names[index]!]));
}

/** What has a meaning in Mermaid is given by its number. */
function escaped(text: string): string {
  return text.replace(/[^\w .,()[\]*-]/gu, (character) => `#${character.codePointAt(0)};`);
}
