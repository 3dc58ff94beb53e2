// The dependency rule itself is computed by dependency-cruiser (.dependency-cruiser.cjs); here are the language rules
// and a first, fast line against importing a package outside the one room that owns it.
import reactHooks from 'eslint-plugin-react-hooks'
import ts from 'typescript-eslint'

const owned = {
  electron: 'electron/hosts/desktop',
  'electron-store': 'electron/hosts/desktop',
  'better-sqlite3': 'db',
  imapflow: 'electron/mail/imap',
  react: 'renderer',
  nodemailer: 'electron/mail/smtp',
  liquidjs: 'electron/crm',
}
const restrictAllBut = (room) => [
  'error',
  {
    patterns: Object.entries(owned)
      .filter(([, owner]) => owner !== room)
      .map(([name, owner]) => ({ regex: `^${name}($|/)`, message: `Only ${owner} imports ${name}.` })),
  },
]

export default ts.config(
  { ignores: ['out/**', 'node_modules/**', 'test-results/**', 'dist/**', '**/*.mjs', '**/*.cjs', '*.config.js'] },
  ...ts.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: ['./shared/tsconfig.json', './db/tsconfig.json', './renderer/tsconfig.json', './e2e/tsconfig.json', './bench/tsconfig.json', './electron/*/tsconfig.json', './electron/hosts/*/tsconfig.json', './tsconfig.tests.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      'no-restricted-imports': restrictAllBut(''),
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: 'only-allowed-literals' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
    },
  },
  // Rows are typed by whoever wrote the SQL that selects them.
  { files: ['db/open.ts', 'db/handles.ts'], rules: { '@typescript-eslint/no-unnecessary-type-parameters': 'off' } },
  { files: ['db/**'], rules: { 'no-restricted-imports': restrictAllBut('db') } },
  { files: ['electron/mail/imap/**', 'bench/**'], rules: { 'no-restricted-imports': restrictAllBut('electron/mail/imap') } },
  { files: ['electron/crm/**'], rules: { 'no-restricted-imports': restrictAllBut('electron/crm') } },
  // Sending and composing share it; the test servers and the benchmarks check and measure with it.
  { files: ['electron/mail/smtp/**', 'electron/mail/compose/**', 'e2e/servers/**', 'bench/send.ts'], rules: { 'no-restricted-imports': restrictAllBut('electron/mail/smtp') } },
  { files: ['electron/hosts/desktop/**'], rules: { 'no-restricted-imports': restrictAllBut('electron/hosts/desktop') } },
  { files: ['renderer/**'], ...reactHooks.configs.flat.recommended },
  { files: ['renderer/**'], rules: { 'no-restricted-imports': restrictAllBut('renderer') } },
  { files: ['**/*.test.ts', 'e2e/**', 'bench/**'], rules: { '@typescript-eslint/no-unsafe-assignment': 'off' } },
)
