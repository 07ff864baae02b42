import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import * as path from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { repository } from '../../support/built-package.js';

it('the guard imports nothing but what Node brings', () => {
  const file = path.join(repository, 'dist/guard/guard.mjs');
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  const named: string[] = [];
  const asked: string[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier)
      named.push((node.moduleSpecifier as ts.StringLiteral).text);
    if (ts.isCallExpression(node)) {
      const { expression, arguments: given } = node;
      const isAsk =
        expression.kind === ts.SyntaxKind.ImportKeyword ||
        (ts.isIdentifier(expression) && expression.text === 'require');
      const [first] = given;
      if (isAsk && first && ts.isStringLiteral(first)) asked.push(first.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  const isNodes = (name: string) => name.startsWith('node:') || builtinModules.includes(name);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !isNodes(name))).toEqual([]);
  // What is asked for later is a package somebody may have configured for notices: its lack is told and harms nothing.
  expect(asked.filter((name) => !isNodes(name) && !/^@(slack|opentelemetry)\//.test(name))).toEqual([]);
});
