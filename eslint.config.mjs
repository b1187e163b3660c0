/** Typed rules that catch lost money; style is Prettier's, boundaries are dependency-cruiser's. */
import js from '@eslint/js'
import tseslint from 'typescript-eslint'

const readsTheMachine = [
  {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: 'settings are parsed once, in platform/config.ts',
  },
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message: 'take a Clock: time is a parameter',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'take a Clock: time is a parameter',
  },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'take RandomBytes: randomness is a parameter',
  },
]

const doubleCast = {
  selector: 'TSAsExpression > TSAsExpression > TSUnknownKeyword',
  message: 'a cast through unknown hides a wrong type: parse the value',
}

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.monetique/', 'tmp/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true } },
    linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true },
    rules: {
      // TypeScript itself knows what is defined and what is unused.
      'no-undef': 'off',
      'no-unused-vars': 'off',
      'no-redeclare': 'off',
      'no-restricted-syntax': ['error', ...readsTheMachine, doubleCast],
      'max-lines': ['error', { max: 500 }],
      'max-lines-per-function': ['error', { max: 70, skipComments: true, skipBlankLines: true }],
      eqeqeq: 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          // The test runner keeps what test() and the hooks return.
          allowForKnownSafeCalls: [
            {
              from: 'package',
              name: ['test', 'describe', 'it', 'before', 'after', 'beforeEach', 'afterEach'],
              package: 'node:test',
            },
          ],
        },
      ],
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/no-unsafe-argument': 'error',
      '@typescript-eslint/no-unsafe-assignment': 'error',
      '@typescript-eslint/no-unsafe-call': 'error',
      '@typescript-eslint/no-unsafe-member-access': 'error',
      '@typescript-eslint/no-unsafe-return': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/require-array-sort-compare': ['error', { ignoreStringArrays: true }],
      '@typescript-eslint/restrict-plus-operands': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/strict-boolean-expressions': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    // Where the machine is read, on purpose: the client is a program of its own; tests and simulated banks live in real time.
    files: [
      'src/platform/**/*.ts',
      'clients/**/*.ts',
      'test/**/*.ts',
      'bench/**/*.ts',
      'scripts/**/*.ts',
      '**/*.test.ts',
    ],
    rules: { 'no-restricted-syntax': ['error', doubleCast] },
  },
  {
    // The one place where a process hands its settings on to its children.
    files: ['src/launcher/*.ts'],
    rules: { 'no-restricted-syntax': ['error', doubleCast] },
  },
  {
    files: ['**/*.test.ts', 'test/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      // Vectors leave a field out or empty, and mean the same.
      '@typescript-eslint/strict-boolean-expressions': ['error', { allowNullableString: true }],
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: Object.fromEntries(
        ['process', 'console', 'module', 'performance', 'setTimeout', 'clearTimeout'].map(
          (name) => [name, 'readonly'],
        ),
      ),
    },
  },
)
