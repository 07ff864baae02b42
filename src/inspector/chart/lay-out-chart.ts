import type { ElkExtendedEdge, ElkNode, LayoutOptions } from 'elkjs/lib/elk-api.js';
import type { AnyStateMachine } from 'xstate';
import type { Chart, ChartEdge, ChartNode } from '../protocol/chart.js';
import { chartGraph, type ChartGraph, type GraphEdge, type GraphNode } from './chart-graph.js';
import { edgeLines, fontSize, heightOf, nodeLines, placed, widthOf } from './chart-text.js';

const padding = 12;

const layoutOptions: LayoutOptions = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.json.shapeCoords': 'ROOT',
  'elk.json.edgeCoords': 'ROOT',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.spacing.nodeNode': '24',
  'elk.spacing.edgeNode': '16',
  'elk.spacing.edgeEdge': '12',
  'elk.spacing.edgeLabel': '4',
  'elk.layered.spacing.nodeNodeBetweenLayers': '28',
  'elk.layered.spacing.edgeNodeBetweenLayers': '14',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '12',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
};

/** A machine as a statechart with places for everything, which elkjs chooses. */
export async function layOutChart(machine: AnyStateMachine): Promise<Chart> {
  // A large program, and only charts need it.
  const { default: elk } = await import('elkjs/lib/elk.bundled.js');
  const graph = chartGraph(machine);
  const [root] = graph.nodes;
  const bundles = bundlesOf(graph);
  const wanted: ElkNode = {
    id: 'chart',
    layoutOptions,
    children: [toElk(root!, graph)],
    edges: bundles.map((bundle, index) => toElkEdge(bundle, index, graph)),
  };
  const laidOut: ElkNode = await new elk.default().layout(wanted);
  const boxes = new Map(allNodes(laidOut).map((node) => [node.id, node]));
  return {
    id: machine.id,
    fontSize,
    width: Math.ceil(laidOut.width ?? 0),
    height: Math.ceil(laidOut.height ?? 0),
    nodes: graph.nodes.map((node) => toNode(node, boxes.get(node.id)!)),
    edges: bundles.flatMap((bundle, index) => toEdges(bundle, laidOut.edges![index]!, graph)),
  };
}

function toElk(node: GraphNode, graph: ChartGraph): ElkNode {
  const children = graph.nodes.filter(({ parent }) => parent === node.id);
  const lines = nodeLines(node);
  const width = widthOf(lines) + 2 * padding;
  const height = heightOf(lines) + padding;
  if (children.length === 0) return { id: node.id, width, height };
  return {
    id: node.id,
    children: children.map((child) => toElk(child, graph)),
    layoutOptions: {
      'elk.padding': `[top=${height + padding},left=${padding},bottom=${padding},right=${padding}]`,
      'elk.nodeSize.constraints': 'MINIMUM_SIZE',
      'elk.nodeSize.minimum': `(${width}, ${height})`,
    },
  };
}

/** Edges between the same two states are one line, with their words below each other. */
function bundlesOf({ edges }: ChartGraph): GraphEdge[][] {
  const bundles = new Map<string, GraphEdge[]>();
  for (const edge of edges) {
    const key = JSON.stringify([edge.source, edge.target]);
    bundles.set(key, [...(bundles.get(key) ?? []), edge]);
  }
  return [...bundles.values()];
}

function toElkEdge(bundle: GraphEdge[], index: number, graph: ChartGraph): ElkExtendedEdge {
  const lines = bundle.flatMap((edge) => edgeLines(edge, graph));
  const text = lines.map((line) => line.text).join('\n');
  return {
    id: `edge ${index}`,
    sources: [bundle[0]!.source],
    targets: [bundle[0]!.target],
    labels: [{ id: `label ${index}`, text, width: widthOf(lines) + 4, height: heightOf(lines) }],
  };
}

function allNodes(node: ElkNode): ElkNode[] {
  return [node, ...(node.children ?? []).flatMap(allNodes)];
}

function toNode({ stays, ...node }: GraphNode, { x = 0, y = 0, width = 0, height = 0 }: ElkNode): ChartNode {
  const texts = placed(nodeLines({ stays, ...node }), x + padding, y + padding / 2);
  return { ...node, x, y, width, height, texts };
}

function toEdges(
  bundle: GraphEdge[],
  { sections = [], labels = [] }: ElkExtendedEdge,
  graph: ChartGraph,
): ChartEdge[] {
  const points = sections
    .flatMap(({ startPoint, bendPoints = [], endPoint }) => [startPoint, ...bendPoints, endPoint])
    .map(({ x, y }) => ({ x, y }));
  const { x = 0, y: top = 0, width = 0 } = labels[0] ?? {};
  let y = top;
  return bundle.map((edge) => {
    const lines = edgeLines(edge, graph);
    const labelBox = { x, y, width, height: heightOf(lines) };
    y += labelBox.height;
    return { ...edge, points, labelBox, texts: placed(lines, x + 2, labelBox.y) };
  });
}
