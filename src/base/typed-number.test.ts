import { expect, test } from 'vitest'
import { readAscending, readList, readNumber } from './typed-number.ts'

const anything = { min: -1e9, max: 1e9, whole: false }
const rate = { min: 0, max: 100, whole: false }
const images = { min: 1, max: 50_000, whole: true }

test.each([
  ['64', 64],
  [' 0.1 ', 0.1],
  ['.5', 0.5],
  ['0,1', 0.1],
  ['5e-4', 0.0005],
  ['0', 0],
  ['0,001', 0.001],
  ['0,005', 0.005],
  ['1,5', 1.5],
  [',5', 0.5],
  ['1.000', 1],
  ['1.000,5', 1000.5],
  ['1,000.5', 1000.5],
  ['1,234,567', 1_234_567],
  ['1.234.567', 1_234_567],
  ['12,34,567.5', 1_234_567.5],
  ['1 234,5', 1234.5],
  ['1’234.5', 1234.5],
  ['1\u00a0234,5', 1234.5],
  ['1\u202f234,5', 1234.5],
  ['\u20091e-3\ufeff\n', 0.001],
  ['1E-3', 0.001],
  ['1,5e-3', 0.0015],
  ['1·10⁻³', 0.001],
  ['2 × 10^-3', 0.002],
  ['10⁻³', 0.001],
  ['+.1', 0.1],
  ['−0.1', -0.1],
  ['–0,1', -0.1],
  ['０．００１', 0.001],
  ['٠٫٠٠١', 0.001],
  ['۱٬۲۳۴٫۵', 1234.5],
  ['०.००१', 0.001],
])('"%s" is read as %d', (text, value) => {
  expect(readNumber(text, anything)).toEqual({ value })
})

test.each(['50,000', '50.000', '50 000', "50'000", '50_000', '५०,०००', '50000.0', '5e4'])(
  '"%s" is one count',
  (text) => {
    expect(readNumber(text, images)).toEqual({ value: 50_000 })
  },
)

test.each([
  ['1,000', '1 or 1000'],
  ['-1,250', '-1.25 or -1250'],
])('"%s" can be two numbers, and is not guessed', (text, meanings) => {
  expect(readNumber(text, anything)).toEqual({
    error: `“${text}” can be ${meanings}. Enter the one you mean.`,
  })
})

test('what can be two numbers is not taken for the one in range either', () => {
  expect(readNumber('1,000', rate)).toEqual({ error: '“1,000” can be 1 or 1000. Enter the one you mean.' })
})

test('a percentage is refused for its sign', () => {
  expect(readNumber('5 %', rate)).toEqual({ error: 'Enter a number from 0 to 100, without %.' })
})

test.each([
  '',
  'ten',
  '1.2.3',
  '0x10',
  'Infinity',
  'NaN',
  '1e',
  '-1',
  '100.1',
  '1,2,3',
  '0,001,5',
  '1.23,456',
  '1 00',
  '--1',
  '²',
  '½',
  'e5',
  '.',
  ',',
  '1,5 2',
])('"%s" is no rate from 0 to 100', (text) => {
  expect(readNumber(text, rate)).toEqual({ error: 'Enter a number from 0 to 100.' })
})

test.each(['0', '1.5', '50,001'])('"%s" is no count of images', (text) => {
  expect(readNumber(text, images)).toEqual({ error: 'Enter a whole number from 1 to 50,000.' })
})

test.each([
  ['100, 150', [100, 150]],
  ['60 120;160', [60, 120, 160]],
  ['', []],
  ['100,150', [100, 150]],
  ['1,2,3', [1, 2, 3]],
  ['32,000, 48,000', [32_000, 48_000]],
  ['32.000; 48.000', [32_000, 48_000]],
  ['32 000; 48 000', [32_000, 48_000]],
  ['١٠٠، ١٥٠', [100, 150]],
  ['100, 150, ', [100, 150]],
])('"%s" is a list', (text, value) => {
  expect(readAscending(text, { min: 1, max: 50_000 })).toEqual({ value })
})

test.each(['150, 100', '100, 100', '0, 10', '1.5', 'ten', '100, 201'])(
  '"%s" is no ascending list up to 200',
  (text) => {
    expect(readAscending(text, { min: 1, max: 200 })).toHaveProperty('error')
  },
)

test('a list that can be one number as well is not guessed', () => {
  expect(readAscending('48,500', { min: 1, max: 50_000 })).toEqual({
    error: '“48,500” can be 48500 or 48 and 500. Enter the one you mean.',
  })
})

test.each(['0.5, 0.25, 1', '0.5,0.25,1', '0,5 0,25 1', '0,5; 0,25; 1', '0,5, 0,25, 1', '.5\t.25\t1'])(
  '"%s" is a list of three, whichever mark begins the decimals',
  (text) => {
    const three = (values: readonly number[]) => values.length === 3
    expect(readList(text, { min: -10, max: 10, whole: false }, three)).toEqual({ value: [0.5, 0.25, 1] })
  },
)

test('a list of numbers is read by commas and spaces, and refused for one that is out of range', () => {
  const range = { min: -1, max: 1, whole: false }
  expect(readList('0.49, -0.48 .45', range)).toEqual({ value: [0.49, -0.48, 0.45] })
  expect(readList('0.49, 2', range)).toEqual({ error: 'Enter a number from -1 to 1.' })
})
