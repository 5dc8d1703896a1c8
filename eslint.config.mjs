import n from 'eslint-plugin-n';
import tseslint from 'typescript-eslint';

const NO_INDEX = [
  {
    regex: '^(\\.{1,2}|#libs)(/.*)?/index(\\.[cm]?[jt]s)?$',
    message: 'Import the file that defines the thing; there are no index files here.',
  },
];
const NO_ENV = ['process', 'node:process'].map((name) => ({
  name,
  importNames: ['env'],
  message: 'Ask libs/config; nobody else reads the environment.',
}));
const THROUGH_ANNOUNCE = {
  name: '#libs/outbox/outbox',
  importNames: ['tellAfterwards'],
  message: 'Tell through audit/announce.ts, which also keeps the log of who did what.',
};
const NO_DEFAULT = ['ExportDefaultDeclaration', "ExportSpecifier[exported.name='default']"].map((selector) => ({
  selector,
  message: 'Export by name, so that one word finds the thing everywhere.',
}));

/** Lint protects, it does not nag: no rule here is about looks, which are the formatter's. */
export default [
  { ignores: ['dist/', 'node_modules/', 'data/', '.cache/', 'coverage/', '**/.next/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,mjs,cjs}'],
    plugins: { n },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'prefer-const': 'error',
      'no-console': 'error',
      'n/no-process-env': 'error',
      'no-restricted-imports': ['error', { paths: NO_ENV, patterns: NO_INDEX }],
      'no-restricted-syntax': ['error', ...NO_DEFAULT],
    },
  },
  {
    files: ['**/*.ts'],
    plugins: { '@typescript-eslint': tseslint.plugin },
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Files with decorators are left alone by this rule: Nest needs the values of injected classes at run time.
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        {
          argsIgnorePattern: '^_',
          varsIgnorePattern: '^_',
          caughtErrorsIgnorePattern: '^_',
          destructuredArrayIgnorePattern: '^_',
          ignoreRestSiblings: true,
        },
      ],
    },
  },
  {
    files: ['services/projects/**/*.ts'],
    ignores: ['services/projects/audit/announce.ts'],
    rules: {
      'no-restricted-imports': ['error', { paths: [...NO_ENV, THROUGH_ANNOUNCE], patterns: NO_INDEX }],
    },
  },
  {
    files: ['**/index.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: 'Program', message: 'Name the file after what it defines; there are no index files here.' },
      ],
    },
  },
  {
    files: [
      'libs/testing/**',
      'libs/config/**',
      'libs/client/command-line/environment.ts',
      'scripts/**',
      'bench/**',
      'test/**',
      '**/*.test.ts',
      'jest.config.mjs',
    ],
    rules: { 'n/no-process-env': 'off', 'no-restricted-imports': ['error', { patterns: NO_INDEX }] },
  },
  { files: ['scripts/**', 'bench/**'], rules: { 'no-console': 'off' } },
  { files: ['*.config.{mjs,cjs,ts}'], rules: { 'no-restricted-syntax': 'off' } },
];
