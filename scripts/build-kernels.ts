// Makes src/engine/cpu/generated: the CPU engine's kernels (src/engine/cpu/assembly) as one module with relaxed SIMD and one
// without, and its thread as a file for Node. The optimisers' formulas are written into assembly/generated before. `npm ci`
// does it, and the dev server when a kernel changes.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { main as compileAssembly } from 'assemblyscript/asc'
import { build } from 'vite'
import { formulasAssembly } from '../src/engine/cpu/formula-assembly.ts'

const CPU = fileURLToPath(new URL('../src/engine/cpu', import.meta.url))
export const ASSEMBLY = join(CPU, 'assembly')
const GENERATED = join(CPU, 'generated')
const FORMULAS = join(ASSEMBLY, 'generated/formulas.ts')

/** Which of the two arithmetics a module has. */
const MODULES = { relaxed: 'arithmetic-relaxed.ts', plain: 'arithmetic-plain.ts' } as const

const OPTIONS = [
  '-O3 --converge --noAssert --runtime stub --use abort=',
  // The memory comes from outside; what the module itself keeps there (tables of exp and log) lies in its first page.
  '--importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536 --memoryBase 1024',
  '--enable simd --enable relaxed-simd --enable threads',
  // Functions of the module pass vectors to one another, and none to JavaScript.
  '--disableWarning 112',
].flatMap((options) => options.split(' '))
/** @throws Error with the compiler's messages */
export async function buildKernels(): Promise<void> {
  await mkdir(GENERATED, { recursive: true })
  await mkdir(dirname(FORMULAS), { recursive: true })
  await writeFile(FORMULAS, formulasAssembly())
  for (const [name, arithmetic] of Object.entries(MODULES)) {
    await writeFile(join(GENERATED, `${name}.wasm`), await compile(arithmetic))
  }
}

/** Node's threads read no TypeScript; the page's are bundled with the page. */
async function buildNodeThread(): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      lib: { entry: join(CPU, 'threads/thread.ts'), formats: ['es'], fileName: () => 'thread.mjs' },
      outDir: GENERATED,
      emptyOutDir: false,
      minify: false,
    },
  })
}

async function compile(arithmetic: string): Promise<Uint8Array> {
  let compiled: Uint8Array | null = null
  const messages: string[] = []
  const { error } = await compileAssembly(['index.ts', '--outFile', 'kernels.wasm', ...OPTIONS], {
    readFile: (name) => source(name === 'arithmetic.ts' ? arithmetic : name),
    writeFile(name, contents) {
      if (name === 'kernels.wasm' && typeof contents !== 'string') compiled = contents
    },
    listFiles: () => [],
    reportDiagnostic: ({ message }) => messages.push(message),
  })
  if (error || !compiled)
    throw new Error(`The kernels did not compile. ${messages.join(' ')}`, { cause: error })
  return compiled
}

/** Null for a file that is not there: the compiler asks for several names. */
async function source(name: string): Promise<string | null> {
  try {
    return await readFile(join(ASSEMBLY, name), 'utf8')
  } catch {
    return null
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildKernels()
  await buildNodeThread()
}
