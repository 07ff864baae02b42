import * as path from 'node:path';
import ts from 'typescript';

/**
 * What TypeScript says about files that exist only here, as if they lay in the repository and imported the sources as
 * the package.
 *
 * @param files by name.
 */
export function typeErrors(repository: string, files: Map<string, string>): string[] {
  const virtual = new Map([...files].map(([name, text]) => [path.join(repository, name), text]));
  const options = compilerOptions(repository);
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (file) => virtual.has(file) || disk.fileExists(file),
    readFile: (file) => virtual.get(file) ?? disk.readFile(file),
    getSourceFile: (file, language, ...rest) => {
      const text = virtual.get(file);
      return text === undefined
        ? disk.getSourceFile(file, language, ...rest)
        : ts.createSourceFile(file, text, language);
    },
  };
  const program = ts.createProgram([...virtual.keys()], options, host);
  return [...virtual.keys()]
    .flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)))
    .map(({ file, messageText }) => {
      const name = file ? path.relative(repository, file.fileName) : 'options';
      return `${name}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
}

function compilerOptions(repository: string): ts.CompilerOptions {
  return {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
    baseUrl: repository,
    paths: {
      moult: ['src/index.ts'],
      'moult/inspector': ['src/inspector/index.ts'],
      'moult/machines': ['machines/index.ts'],
      'moult/testing': ['src/testing/index.ts'],
    },
  };
}
