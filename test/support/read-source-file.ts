import * as path from 'node:path';
import ts from 'typescript';

/** What a TypeScript source says about itself. */
export interface SourceFile {
  /** Relative to the repository, with forward slashes. */
  path: string;
  lines: number;
  /** Relative imports of any kind but style sheets, type imports too, as paths of the sources they mean. */
  imports: string[];
  /** Imported packages and built-in modules. */
  packages: string[];
  /** Names of exported functions, classes, constants and enums. */
  values: string[];
  /** Names of exported types. */
  types: string[];
}

export function readSourceFile(name: string, text: string): SourceFile {
  const specifiers = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
  const isRelative = (specifier: string) => specifier.startsWith('.');
  const relative = specifiers.filter((specifier) => isRelative(specifier) && !specifier.endsWith('.css'));
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const exported = source.statements.filter(isExported);
  return {
    path: name,
    lines: text.replace(/\n$/, '').split('\n').length,
    imports: relative.map((specifier) => path.posix.join(path.posix.dirname(name), toSource(specifier))),
    packages: specifiers.filter((specifier) => !isRelative(specifier)),
    values: exported.filter((statement) => !isType(statement)).flatMap(namesOf),
    types: exported.filter(isType).flatMap(namesOf),
  };
}

const toSource = (specifier: string) => specifier.replace(/\.js$/, '.ts');

function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}

function isType(statement: ts.Statement): boolean {
  return ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  const { name } = statement as ts.Statement & { name?: ts.Identifier };
  return name ? [name.text] : [];
}
