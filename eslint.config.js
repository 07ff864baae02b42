import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/**', 'coverage/**', 'node_modules/**'] },
  {
    files: ['**/*.ts'],
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
    files: ['src/**/*.ts', 'machines/**/*.ts'],
    ignores: ['src/cli/**', 'src/ports/**', 'src/process/**'],
    rules: {
      'no-restricted-globals': ['error', { name: 'process', message: 'Inject it: see src/ports.' }],
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
