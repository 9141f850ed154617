// Lint rules, and the import table of docs/ARCHITECTURE.md: which room of src/ may import which.

/** Room → the rooms whose files it may import, besides its own. A path stands for that one file. */
const MAY_IMPORT = {
  base: [],
  network: ['base'],
  config: ['base', 'network'],
  presets: ['base', 'network', 'config'],
  contract: ['base', 'network', 'config'],
  data: ['base', 'contract'],
  training: ['base', 'network', 'config', 'presets', 'contract', 'data', 'engine/engine.ts'],
  engine: ['base', 'network', 'config', 'contract'],
  runs: ['base', 'network', 'config', 'presets', 'contract'],
  transfer: [
    'base',
    'network',
    'config',
    'presets',
    'contract',
    'training/checkpoint.ts',
    'training/validation-indices.ts',
  ],
  worker: [
    'base',
    'network',
    'config',
    'presets',
    'contract',
    'data',
    'training',
    'engine',
    'runs',
    'transfer',
  ],
  client: ['base', 'network', 'config', 'presets', 'contract', 'runs', 'transfer'],
  ui: ['base', 'network', 'config', 'presets', 'contract', 'client', 'runs'],
  cli: [
    'base',
    'network',
    'config',
    'presets',
    'contract',
    'data',
    'training',
    'engine',
    'runs',
    'transfer',
    'worker',
  ],
}
const ROOMS = Object.keys(MAY_IMPORT)

/** Packages that only some rooms may import. */
const PACKAGES = [
  { names: ['react', 'react-dom', 'recharts', 'react-aria-components'], rooms: ['ui'] },
  { names: ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-webgpu'], rooms: ['engine', 'transfer', 'worker'] },
  { names: ['idb'], rooms: ['data', 'runs', 'worker'] },
  { names: ['zustand'], rooms: ['client', 'ui'] },
  { names: ['webgpu'], rooms: ['cli'] },
  // What the benchmark measures us against.
  { names: ['@jax-js/jax', '@tensorflow/tfjs-backend-wasm'], rooms: [] },
]

function restrictedImports(room) {
  const allowed = MAY_IMPORT[room]
  const patterns = ROOMS.filter((other) => other !== room && !allowed.includes(other)).map((other) => {
    const files = allowed.filter((name) => name.startsWith(`${other}/`))
    return {
      // Imports between rooms are relative, so the room's name follows a `../`.
      group: [`**/../${other}/**`, ...files.map((file) => `!**/../${file}`)],
      message: `src/${room} may not import src/${other} (oxlint.config.mjs, docs/ARCHITECTURE.md).`,
    }
  })
  const packages = PACKAGES.filter(({ rooms }) => !rooms.includes(room)).flatMap(({ names }) => names)
  patterns.push({
    group: packages.flatMap((name) => [name, `${name}/*`]),
    message: `This package has no place in src/${room} (oxlint.config.mjs).`,
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
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/consistent-type-imports': 'error',
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
    ...ROOMS.map((room) => ({
      files: [`src/${room}/**`],
      rules: { 'no-restricted-imports': ['error', { patterns: restrictedImports(room) }] },
    })),
    uiImports(
      [...ZONES, 'charts', 'drawings', 'theme'].map((folder) => `src/ui/${folder}/**`),
      [],
    ),
    uiImports(['src/ui/foundation/*.{ts,tsx}'], [noZone(1)]),
    uiImports(['src/ui/foundation/*/*.{ts,tsx}'], [noZone(2)]),
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
      rules: { 'no-restricted-imports': 'off', 'max-lines': 'off' },
    },
    { files: ['src/cli/**', 'scripts/**', 'e2e/**', 'bench/**'], rules: { 'no-console': 'off' } },
  ],
}
