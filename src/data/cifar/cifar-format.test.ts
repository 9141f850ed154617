import { expect, test } from 'vitest'
import { DATA_SETS, SPLITS } from '../../base/data-set.ts'
import {
  CIFAR_10,
  CIFAR_100,
  CIFAR_FORMATS,
  firstImageOf,
  memberBytes,
  splitImages,
  unpackedBytes,
} from './cifar-format.ts'

test('the files of each set hold the images and classes that the contract says', () => {
  for (const format of CIFAR_FORMATS) {
    const facts = DATA_SETS[format.set]
    expect(format.classNames).toHaveLength(facts.classes)
    for (const split of SPLITS) expect(splitImages(format, split)).toBe(facts.images[split])
  }
})

test('file sizes follow from the record layout: 3,073 bytes with one label, 3,074 with two', () => {
  expect(CIFAR_10.members.map((member) => memberBytes(CIFAR_10, member))).toEqual(Array(6).fill(30_730_000))
  expect(CIFAR_100.members.map((member) => memberBytes(CIFAR_100, member))).toEqual([153_700_000, 30_740_000])
  expect(unpackedBytes(CIFAR_10)).toBe(184_380_000)
})

test('a batch begins in its split where the batches before it end', () => {
  expect(CIFAR_10.members.map((member) => firstImageOf(CIFAR_10, member))).toEqual([
    0, 10_000, 20_000, 30_000, 40_000, 0,
  ])
})

test('CIFAR-100 has 100 classes in alphabetical order and 20 coarse ones', () => {
  expect(new Set(CIFAR_100.classNames).size).toBe(100)
  expect([...CIFAR_100.classNames].toSorted()).toEqual(CIFAR_100.classNames)
  expect([CIFAR_100.classNames[0], CIFAR_100.classNames[47], CIFAR_100.classNames[99]]).toEqual([
    'apple',
    'maple tree',
    'worm',
  ])
  expect(new Set(CIFAR_100.coarseNames).size).toBe(20)
})
