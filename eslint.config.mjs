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

/** What makes a test fail on a busy machine, beside another test, or once in a thousand runs. */
const NO_LUCK = [
  {
    selector:
      "CallExpression[callee.property.name=/^toBeLessThan/] CallExpression[callee.name='expect'] > BinaryExpression[operator='-'] > CallExpression[callee.object.name=/^(Date|performance)$/][callee.property.name='now']",
    message:
      'How long something takes says how busy the machine is: count what is done, or compare process.cpuUsage().',
  },
  {
    selector:
      ":matches(CallExpression[callee.name=/^(test|it|beforeAll|beforeEach|afterAll|afterEach)$/], CallExpression[callee.callee.property.name='each']) > Literal.arguments:last-child[value<120001]",
    message: 'Every test has the two minutes of jest.config.mjs; a shorter limit only fails on a slow machine.',
  },
  {
    selector: "CallExpression[callee.property.name='listen'] > Literal.arguments:first-child[value>0]",
    message: 'Another process may have this port: listen at 0, or ask freePort().',
  },
  {
    selector:
      "MemberExpression[object.object.name='process'][object.property.name='env'][property.name='RABBITMQ_URL']",
    message: 'Take it from testBroker(), which gives it to one test file at a time.',
  },
];

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
  { files: ['**/*.test.ts'], rules: { 'no-restricted-syntax': ['error', ...NO_DEFAULT, ...NO_LUCK] } },
];
