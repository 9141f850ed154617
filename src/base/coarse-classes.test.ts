import { expect, test } from 'vitest'
import { CIFAR_100_COARSE_NAMES, CIFAR_100_FINE_NAMES } from '../data/cifar/cifar100-names.ts'
import { coarseAccuracy, coarseClasses } from './coarse-classes.ts'

// As the data set's page names them.
const MEMBERS: Readonly<Record<string, string>> = {
  'aquatic mammals': 'beaver, dolphin, otter, seal, whale',
  fish: 'aquarium fish, flatfish, ray, shark, trout',
  flowers: 'orchid, poppy, rose, sunflower, tulip',
  'food containers': 'bottle, bowl, can, cup, plate',
  'fruit and vegetables': 'apple, mushroom, orange, pear, sweet pepper',
  'household electrical devices': 'clock, keyboard, lamp, telephone, television',
  'household furniture': 'bed, chair, couch, table, wardrobe',
  insects: 'bee, beetle, butterfly, caterpillar, cockroach',
  'large carnivores': 'bear, leopard, lion, tiger, wolf',
  'large man-made outdoor things': 'bridge, castle, house, road, skyscraper',
  'large natural outdoor scenes': 'cloud, forest, mountain, plain, sea',
  'large omnivores and herbivores': 'camel, cattle, chimpanzee, elephant, kangaroo',
  'medium mammals': 'fox, porcupine, possum, raccoon, skunk',
  'non-insect invertebrates': 'crab, lobster, snail, spider, worm',
  people: 'baby, boy, girl, man, woman',
  reptiles: 'crocodile, dinosaur, lizard, snake, turtle',
  'small mammals': 'hamster, mouse, rabbit, shrew, squirrel',
  trees: 'maple tree, oak tree, palm tree, pine tree, willow tree',
  'vehicles 1': 'bicycle, bus, motorcycle, pickup truck, train',
  'vehicles 2': 'lawn mower, rocket, streetcar, tank, tractor',
}

const nothing = () => Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => 0))

/** Answers as CIFAR-100's confusion matrix: [true class, predicted class, images]. */
function answers(...cells: readonly [truth: string, predicted: string, images: number][]): number[][] {
  const confusion = nothing()
  for (const [truth, predicted, images] of cells) {
    const row = confusion[CIFAR_100_FINE_NAMES.indexOf(truth)]
    if (row) row[CIFAR_100_FINE_NAMES.indexOf(predicted)] = images
  }
  return confusion
}

test('each superclass has the five classes that CIFAR-100 names, in the order of the coarse labels', () => {
  const named = coarseClasses('cifar100')?.map((labels, coarse) => [
    CIFAR_100_COARSE_NAMES[coarse],
    labels.map((label) => CIFAR_100_FINE_NAMES[label]).join(', '),
  ])
  expect(Object.fromEntries(named ?? [])).toEqual(MEMBERS)
})

test('a wrong class of the right superclass counts, one of another superclass does not', () => {
  const confusion = answers(['maple tree', 'oak tree', 3], ['whale', 'whale', 4], ['whale', 'shark', 1])
  expect(coarseAccuracy('cifar100', confusion)).toBe(7 / 8)
})

test('nothing evaluated is an accuracy of 0, and sets without superclasses have none', () => {
  expect(coarseAccuracy('cifar100', nothing())).toBe(0)
  expect(coarseAccuracy('cifar10', [[1]])).toBeNull()
})
