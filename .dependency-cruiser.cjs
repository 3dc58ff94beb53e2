// The dependency rule of ARCHITECTURE.md, computed. A source file that belongs to no room is an error too.
const test = '\\.test\\.tsx?$'
const rooms = {
  shared: '^shared/',
  db: '^db/',
  mail: '^electron/mail/',
  tasks: '^electron/tasks/',
  crm: '^electron/crm/',
  core: '^electron/core/',
  hosts: '^electron/hosts/',
  renderer: '^renderer/',
  e2e: '^e2e/',
  bench: '^bench/',
  scripts: '^scripts/',
}
const may = {
  shared: [],
  db: ['shared'],
  mail: ['shared', 'db'],
  tasks: ['shared', 'db', 'mail'],
  crm: ['shared', 'db'],
  core: ['shared', 'db', 'mail', 'tasks', 'crm'],
  hosts: ['shared', 'db', 'mail', 'tasks', 'crm', 'core'],
  renderer: ['shared'],
  e2e: ['shared'],
  bench: ['shared', 'db', 'mail', 'tasks', 'core', 'hosts', 'e2e'],
  scripts: ['shared', 'core', 'hosts', 'e2e'],
}
const names = Object.keys(rooms)
const walls = names.map((from) => ({
  name: `${from}-stays-in-its-place`,
  severity: 'error',
  from: { path: rooms[from], pathNot: test },
  to: { path: names.filter((to) => to !== from && !may[from].includes(to)).map((to) => rooms[to]) },
}))
const tests = names.map((from) => ({
  name: `${from}-tests-stay-in-their-place`,
  severity: 'error',
  from: { path: `${rooms[from]}.*${test}` },
  to: {
    path: names.filter((to) => to !== from && to !== 'e2e' && !may[from].includes(to)).map((to) => rooms[to]),
  },
}))
const monopolies = Object.entries({
  electron: '^electron/hosts/desktop/',
  'electron-store': '^electron/hosts/desktop/',
  'better-sqlite3': '^db/',
  // The benchmarks measure against a bare loop of the same library.
  imapflow: '^(electron/mail/imap|bench)/',
  react: '^renderer/',
  // The test servers check themselves with it.
  nodemailer: '^(electron/mail/(smtp|compose)|e2e/servers|bench)/',
  liquidjs: '^electron/crm/',
}).map(([name, owner]) => ({
  name: `only-its-room-imports-${name}`,
  severity: 'error',
  from: { path: '.', pathNot: owner },
  to: { path: `(^|node_modules/)(@types/)?${name}(/|$)`, dependencyTypesNot: ['local'] },
}))

module.exports = {
  forbidden: [
    ...walls,
    ...tests,
    ...monopolies,
    { name: 'renderer-and-shared-without-node', severity: 'error', from: { path: '^(renderer|shared)/', pathNot: test }, to: { dependencyTypes: ['core'] } },
    { name: 'hosts-apart', severity: 'error', from: { path: '^electron/hosts/([^/]+)/' }, to: { path: '^electron/hosts/', pathNot: '^electron/hosts/$1/' } },
    { name: 'providers-apart', severity: 'error', from: { path: '^electron/mail/(imap|gmail|graph|ews|sample)/', pathNot: test }, to: { path: '^electron/mail/(imap|gmail|graph|ews|sample)/', pathNot: '^electron/mail/$1/' } },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'every-file-has-a-room',
      severity: 'error',
      from: {},
      to: { path: '\\.tsx?$', pathNot: [...Object.values(rooms), 'node_modules', '\\.config\\.ts$'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|dist|test-results)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.depcruise.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
}
