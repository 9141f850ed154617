/** Rows of a block: two blocks, at 128 columns, stay in a processor core's own cache. */
const BLOCK_ROWS = 64
/** Rows and columns of a tile of sums. */
const TILE = 4

/**
 * The sums become themselves plus R · Rᵀ, float64, below the diagonal and on it; what is above is undefined. Whole numbers
 * up to 2^53 stay exact.
 * @param rows R, size × columns, row-major
 * @param sums size², row-major
 * @param size a multiple of 4
 */
export function addSymmetricProduct(
  rows: Float64Array,
  columns: number,
  sums: Float64Array,
  size: number,
): void {
  if (size % TILE !== 0) throw new RangeError(`a product of ${size} rows, which is no multiple of ${TILE}`)
  for (let top = 0; top < size; top += BLOCK_ROWS) {
    for (let left = 0; left <= top; left += BLOCK_ROWS) {
      for (let i = top; i < Math.min(top + BLOCK_ROWS, size); i += TILE) {
        for (let j = left; j < Math.min(left + BLOCK_ROWS, i + TILE); j += TILE) {
          addTile(rows, columns, sums, size, i, j)
        }
      }
    }
  }
}

/** The products of rows i … i + 3 with rows j … j + 3, whose 16 sums are variables to stay in registers. */
function addTile(
  rows: Float64Array,
  columns: number,
  sums: Float64Array,
  size: number,
  i: number,
  j: number,
): void {
  let s00 = 0,
    s01 = 0,
    s02 = 0,
    s03 = 0
  let s10 = 0,
    s11 = 0,
    s12 = 0,
    s13 = 0
  let s20 = 0,
    s21 = 0,
    s22 = 0,
    s23 = 0
  let s30 = 0,
    s31 = 0,
    s32 = 0,
    s33 = 0
  let a = i * columns
  let b = j * columns
  for (let k = 0; k < columns; k++, a++, b++) {
    const x0 = rows[a] ?? 0
    const x1 = rows[a + columns] ?? 0
    const x2 = rows[a + 2 * columns] ?? 0
    const x3 = rows[a + 3 * columns] ?? 0
    const y0 = rows[b] ?? 0
    const y1 = rows[b + columns] ?? 0
    const y2 = rows[b + 2 * columns] ?? 0
    const y3 = rows[b + 3 * columns] ?? 0
    s00 += x0 * y0
    s01 += x0 * y1
    s02 += x0 * y2
    s03 += x0 * y3
    s10 += x1 * y0
    s11 += x1 * y1
    s12 += x1 * y2
    s13 += x1 * y3
    s20 += x2 * y0
    s21 += x2 * y1
    s22 += x2 * y2
    s23 += x2 * y3
    s30 += x3 * y0
    s31 += x3 * y1
    s32 += x3 * y2
    s33 += x3 * y3
  }
  const at = i * size + j
  addFour(sums, at, s00, s01, s02, s03)
  addFour(sums, at + size, s10, s11, s12, s13)
  addFour(sums, at + 2 * size, s20, s21, s22, s23)
  addFour(sums, at + 3 * size, s30, s31, s32, s33)
}

function addFour(sums: Float64Array, at: number, a: number, b: number, c: number, d: number): void {
  sums[at] = (sums[at] ?? 0) + a
  sums[at + 1] = (sums[at + 1] ?? 0) + b
  sums[at + 2] = (sums[at + 2] ?? 0) + c
  sums[at + 3] = (sums[at + 3] ?? 0) + d
}
