// Lint rules, and two tables of docs/ARCHITECTURE.md: which room of src/ may import which, and which may name what.

/** What a run is, and what is said of it: plain data and pure functions. */
const DESCRIPTIONS = ['base', 'optimisers', 'schedules', 'network', 'config', 'presets', 'contract']
/** What is done with one. */
const WORK = [...DESCRIPTIONS, 'files', 'data', 'training', 'engine', 'runs', 'transfer']

/** Room → the rooms whose files it may import, besides its own. A path stands for that one file. */
const MAY_IMPORT = {
  base: [],
  site: [],
  optimisers: ['base'],
  schedules: ['base'],
  network: ['base'],
  config: ['base', 'optimisers', 'schedules', 'network'],
  presets: ['base', 'network', 'config'],
  contract: ['base', 'network', 'config'],
  files: ['base'],
  data: ['base', 'contract', 'files'],
  training: [...DESCRIPTIONS, 'data', 'engine/engine.ts'],
  engine: DESCRIPTIONS.filter((room) => room !== 'presets'),
  runs: DESCRIPTIONS,
  transfer: [
    ...DESCRIPTIONS,
    'files',
    'training/checkpoint.ts',
    'training/validation-indices.ts',
    'runs/results-table.ts',
    'runs/markdown-table.ts',
  ],
  operations: WORK,
  worker: [...WORK, 'operations'],
  client: [...DESCRIPTIONS, 'files', 'runs', 'transfer', 'site/open-programs.ts'],
  ui: [...DESCRIPTIONS, 'client', 'runs', 'transfer/formats/index.ts'],
  cli: [...WORK, 'operations'],
}
const ROOMS = Object.keys(MAY_IMPORT)

/** What the benchmark measures us against. */
const BENCHMARKED = ['@jax-js/jax', '@tensorflow/tfjs-backend-wasm']

/** Packages that only some rooms, or folders in them, may import. */
const PACKAGES = [
  { names: ['react', 'react-dom', 'recharts', 'react-aria-components'], rooms: ['ui'] },
  { names: ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-webgpu'], rooms: ['engine/tfjs'] },
  { names: ['idb'], rooms: ['data', 'worker'] },
  { names: ['zustand'], rooms: ['client', 'ui'] },
  { names: ['workbox-precaching', 'workbox-routing'], rooms: ['site'] },
  { names: ['workbox-window'], rooms: ['client'] },
  { names: ['webgpu'], rooms: ['cli'] },
  { names: BENCHMARKED, rooms: [] },
]

/** Rooms, and folders in rooms, that read no clock, wait for none, and draw no random number but the seed's. */
const CLOCKLESS = [
  ...DESCRIPTIONS,
  'training',
  'runs',
  'engine/compiler',
  'engine/reference',
  'transfer/pytorch',
]

/** Folders in rooms that know the GPU's memory and kernels no better than the core does. */
const GPU_FREE = ['engine/compiler', 'engine/reference', 'engine/cpu', 'engine/tfjs']

/** Globals and types that only some rooms may name. */
const NAMES = [
  {
    globals: ['Date', 'performance', 'setTimeout', 'setInterval', 'crypto'],
    types: [],
    allowed: (place) => !isIn(CLOCKLESS, place),
    message: 'A clock is handed in, and everything random follows from the seed.',
  },
  {
    globals: ['indexedDB', 'IDBKeyRange'],
    types: ['IDBDatabase', 'IDBTransaction', 'IDBObjectStore'],
    allowed: (place) => isIn(['data', 'worker'], place),
    message: 'IndexedDB is read and written in src/data and src/worker.',
  },
  {
    globals: ['GPUBufferUsage', 'GPUMapMode', 'GPUShaderStage', 'GPUOutOfMemoryError', 'GPUValidationError'],
    types: [
      'GPU',
      'GPUAdapter',
      'GPUAdapterInfo',
      'GPUBindGroup',
      'GPUBindGroupLayout',
      'GPUBuffer',
      'GPUBufferDescriptor',
      'GPUCommandEncoder',
      'GPUComputePassEncoder',
      'GPUComputePipeline',
      'GPUDevice',
      'GPUFeatureName',
      'GPUQueue',
      'GPUShaderModule',
      'GPUSupportedLimits',
    ],
    properties: [{ object: 'navigator', property: 'gpu' }],
    allowed: (place) => isIn(['engine', 'cli'], place) && !isIn(GPU_FREE, place),
    message: 'The GPU is known to src/engine (webgpu/, and what chooses an engine) and to src/cli.',
  },
]

/** Rooms, and the folders in them that may name less. A later one overrides the room it lies in. */
const PLACES = [...ROOMS, ...new Set([...CLOCKLESS, ...GPU_FREE].filter((place) => !ROOMS.includes(place)))]

function isIn(places, place) {
  return places.some((outer) => place === outer || place.startsWith(`${outer}/`))
}

function restrictedImports(place) {
  const [room] = place.split('/')
  const allowed = MAY_IMPORT[room]
  const patterns = ROOMS.filter((other) => other !== room && !allowed.includes(other)).map((other) => {
    const files = allowed.filter((name) => name.startsWith(`${other}/`))
    return {
      // Imports between rooms are relative, so the room's name follows a `../`.
      group: [`**/../${other}/**`, ...files.map((file) => `!**/../${file}`)],
      message: `src/${room} may not import src/${other} (oxlint.config.mjs, docs/ARCHITECTURE.md).`,
    }
  })
  const packages = PACKAGES.filter(({ rooms }) => !isIn(rooms, place)).flatMap(({ names }) => names)
  patterns.push({
    group: packages.flatMap((name) => [name, `${name}/*`]),
    message: `This package has no place in src/${place} (oxlint.config.mjs).`,
  })
  return patterns
}

/** What a person sees side by side: folders of src/ui that stand on ui/foundation, and that ui/app puts together. */
const ZONES = ['compare', 'dev', 'device', 'inspect', 'queue', 'run', 'runs', 'setup']

const noApp = {
  group: ['**/../app/**'],
  message: 'Only ui/app knows the whole page: what zones share is in ui/foundation.',
}
const noZone = (depth) => ({
  regex: `^${String.raw`\.\./`.repeat(depth)}(${ZONES.join('|')})/`,
  message: 'ui/foundation lies under the zones and imports none.',
})
const uiImports = (files, patterns) => ({
  files,
  rules: {
    'no-restricted-imports': ['error', { patterns: [...restrictedImports('ui'), noApp, ...patterns] }],
  },
})
const TIMERS = ['setTimeout', 'setInterval'].map((name) => ({
  name,
  message: 'A test waits for what happens (scripts/testing/eventually.ts), and for no time to pass.',
}))

/** Never to be called so: what it is says more. */
const REFUSED_NAMES = ['of']

const RANDOM = {
  object: 'Math',
  property: 'random',
  message: 'Everything random follows from the seed (src/base/random.ts).',
}

function restrictedNames(place) {
  const refused = NAMES.filter(({ allowed }) => !allowed(place)).map((names) => ({
    ...names,
    message: `${names.message} (oxlint.config.mjs, docs/ARCHITECTURE.md)`,
  }))
  const globals = refused.flatMap(({ globals, message }) => globals.map((name) => ({ name, message })))
  const types = refused.flatMap(({ types, message }) => types.map((name) => [name, { message }]))
  const properties = refused.flatMap(({ globals, properties = [], message }) =>
    [...properties, ...globals.map((name) => ({ object: 'globalThis', property: name }))].map((property) => ({
      ...property,
      message,
    })),
  )
  return {
    'no-restricted-globals': ['error', ...globals],
    'typescript/no-restricted-types': ['error', { types: Object.fromEntries(types) }],
    'no-restricted-properties': ['error', RANDOM, ...properties],
  }
}

export default {
  // AssemblyScript: another language, in TypeScript's words.
  ignorePatterns: ['src/engine/cpu/assembly/**', 'src/engine/cpu/generated/**'],
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'react', 'jsx-a11y', 'promise', 'vitest'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  options: { typeAware: true },
  rules: {
    'no-console': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    // What comes from outside is parsed, never cast.
    'typescript/no-unsafe-type-assertion': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/consistent-type-imports': 'error',
    'no-restricted-properties': ['error', RANDOM],
    // A type that two files share lies in one of them, or in a third: types are imports too.
    'import/no-cycle': ['error', { ignoreTypes: false }],
    // What it is, instead.
    'id-denylist': ['error', ...REFUSED_NAMES],
    'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
    // React 19's JSX transform needs no import.
    'react/react-in-jsx-scope': 'off',
    // A small function beside its only use reads better than one far away.
    'unicorn/consistent-function-scoping': 'off',
    // The compiler's noImplicitReturns knows which switches are complete; this rule does not.
    'typescript/consistent-return': 'off',
    // An inline SVG is an image by its role alone.
    'jsx-a11y/prefer-tag-over-role': 'off',
    // Sequential awaits are what a loop over a stream or over steps is.
    'no-await-in-loop': 'off',
    // Messages here go between ports and workers, which take no origin; only windows do.
    'unicorn/require-post-message-target-origin': 'off',
    // An import for its effects is how tfjs registers kernels and Vite takes a stylesheet.
    'import/no-unassigned-import': 'off',
  },
  overrides: [
    ...PLACES.map((place) => ({
      files: [`src/${place}/**`],
      rules: {
        'no-restricted-imports': ['error', { patterns: restrictedImports(place) }],
        ...restrictedNames(place),
      },
    })),
    uiImports(
      [...ZONES, 'charts', 'drawings', 'theme'].map((folder) => `src/ui/${folder}/**`),
      [],
    ),
    uiImports(['src/ui/foundation/*.{ts,tsx}'], [noZone(1)]),
    uiImports(['src/ui/foundation/*/*.{ts,tsx}'], [noZone(2)]),
    {
      files: ['scripts/**', 'e2e/**'],
      rules: {
        'no-restricted-imports': [
          'error',
          {
            patterns: [
              {
                group: BENCHMARKED.flatMap((name) => [name, `${name}/*`]),
                message: 'This package has its place in bench (oxlint.config.mjs).',
              },
            ],
          },
        ],
      },
    },
    {
      // The benchmark drives the engines without a page of ours.
      files: ['bench/**'],
      rules: {
        'no-restricted-imports': [
          'error',
          {
            patterns: [
              {
                group: ['**/../src/client/**', '**/../src/ui/**'],
                message:
                  'bench may not import src/client or src/ui (oxlint.config.mjs, docs/ARCHITECTURE.md).',
              },
            ],
          },
        ],
      },
    },
    {
      // Tests may read anything of ours: they stand outside the house.
      files: ['**/*.test.ts', '**/*.test.tsx', 'src/**/testing/**'],
      rules: {
        'no-restricted-imports': 'off',
        'no-restricted-globals': ['error', ...TIMERS],
        'typescript/no-restricted-types': 'off',
        'no-restricted-properties': ['error', RANDOM],
        'max-lines': 'off',
      },
    },
    { files: ['**/*.gpu.test.ts'], rules: { 'no-restricted-globals': 'off' } },
    { files: ['src/cli/**', 'scripts/**', 'e2e/**', 'bench/**'], rules: { 'no-console': 'off' } },
  ],
}
