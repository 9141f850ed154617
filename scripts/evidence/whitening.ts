// How long the whitening of real images takes, and how well it whitens: the numbers of docs/whitening.md.
// npx tsx scripts/evidence/whitening.ts FOLDER OUT, with CIFAR-10's .bin files in FOLDER; then
// python3 scripts/evidence/whitening.py OUT compares with LAPACK.
import { mkdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { openImageSource } from '../../src/cli/image-source.ts'
import { channelStatistics } from '../../src/data/pixel-statistics.ts'
import { inputMoments } from '../../src/training/whitening/input-moments.ts'
import { pixelProducts, pixelSums } from '../../src/training/whitening/pixel-products.ts'
import { symmetricEigen } from '../../src/training/whitening/symmetric-eigen.ts'
import { inverseRoot, whiteningOf } from '../../src/training/whitening/whitening.ts'

/** Of the textbook's whitening; the author's has its own. */
const EPSILON = 0.01

const [place, out] = process.argv.slice(2)
if (place === undefined || out === undefined) throw new Error('usage: whitening.ts FOLDER OUT')
await mkdir(out, { recursive: true })
const pause = async () => undefined

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const begun = performance.now()
  const before = process.cpuUsage()
  const result = await work()
  const { user, system } = process.cpuUsage(before)
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  console.log(`${what}: ${seconds} s, of processors ${((user + system) / 1e6).toFixed(1)} s`)
  return result
}

const save = (name: string, { buffer, byteOffset, byteLength }: Float32Array | Float64Array) =>
  writeFile(join(out, name), new Uint8Array(buffer, byteOffset, byteLength))

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}`)
const images = await (await openImageSource(place)).load('train', null)
const normalisation = channelStatistics(images)
console.log(`${images.count} images, ${JSON.stringify(normalisation)}`)
const products = await timed('products of bytes', () => pixelProducts(images, pause))
const moments = { count: images.count, sums: pixelSums(images), products }
const { covariance, mean } = inputMoments(moments, normalisation)
await save('covariance.f64', covariance)
await save('mean.f64', mean)
const eigen = await timed('eigenvectors', () => symmetricEigen(covariance, mean.length, pause))
await save('values.f64', eigen.values)
await save('vectors.f64', eigen.vectors)
const textbook = await timed('matrix from eigenvectors', () => inverseRoot(eigen, EPSILON, pause))
await save('covariance.f32', textbook)
const author = await timed('the author’s, from the products', () =>
  whiteningOf(inputMoments(moments, normalisation), { kind: 'author' }, pause),
)
await save('author.f32', author.matrix)
