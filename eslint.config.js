import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/**', 'coverage/**', 'node_modules/**'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    // The library has no business with the process it runs in; only the CLI has.
    files: ['src/**/*.ts', 'src/**/*.tsx', 'machines/**/*.ts'],
    ignores: ['src/cli/**', 'src/guard/**', 'src/ports/**', 'src/process/**'],
    rules: {
      'no-restricted-globals': ['error', { name: 'process', message: 'Inject it: see src/ports.' }],
    },
  },
  {
    // Text of a model never becomes markup, and the page asks for nothing that its content security policy forbids.
    files: ['src/inspector/page/**/*.ts', 'src/inspector/page/**/*.tsx'],
    rules: {
      'no-eval': 'error',
      'no-restricted-properties': [
        'error',
        ...['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'write'].map((property) => ({
          property,
          message: 'Let preact make the text: it escapes.',
        })),
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
          message: 'Let preact make the text: it escapes.',
        },
      ],
    },
  },
  {
    files: ['machines/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '^(?!xstate$|\\./)', message: 'machines/ imports only xstate and its own files.' },
          ],
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts', 'src/cli/**/*.ts', 'src/ports/console-logger.ts'],
    rules: { 'no-console': 'off' },
  },
);
