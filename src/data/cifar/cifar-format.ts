// The facts of the official binary archives of CIFAR-10 and CIFAR-100 (https://www.cs.toronto.edu/~kriz/cifar.html).
import { IMAGE_BYTES, type Split } from '../../base/data-set.ts'
import { CIFAR_100_COARSE_NAMES, CIFAR_100_FINE_NAMES } from './cifar100-names.ts'

/** The archives' folder there. It lets no other site's page read them. */
export const OFFICIAL_HOST = 'https://www.cs.toronto.edu/~kriz/'

/** One file of records. */
export type CifarMember = {
  readonly name: string
  readonly split: Split
  readonly images: number
  /** Of the whole file, 64 hexadecimal digits. */
  readonly sha256: string
}

export type CifarSetId = 'cifar10' | 'cifar100'

/** A record is the coarse label where the set has coarse classes, the label, then the image's 3,072 bytes. */
export type CifarFormat = {
  readonly set: CifarSetId
  readonly title: string
  /** The official archive's file name. */
  readonly archive: string
  /** A split's images are those of its members, in this order. */
  readonly members: readonly CifarMember[]
  readonly classNames: readonly string[]
  /** Null where the set has no coarse classes. */
  readonly coarseNames: readonly string[] | null
}

function cifar10Batch(name: string, split: Split, sha256: string): CifarMember {
  return { name, split, images: 10_000, sha256 }
}

export const CIFAR_10: CifarFormat = {
  set: 'cifar10',
  title: 'CIFAR-10',
  archive: 'cifar-10-binary.tar.gz',
  members: [
    cifar10Batch(
      'data_batch_1.bin',
      'train',
      'cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5',
    ),
    cifar10Batch(
      'data_batch_2.bin',
      'train',
      'a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed',
    ),
    cifar10Batch(
      'data_batch_3.bin',
      'train',
      'bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67',
    ),
    cifar10Batch(
      'data_batch_4.bin',
      'train',
      '014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48',
    ),
    cifar10Batch(
      'data_batch_5.bin',
      'train',
      '755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add',
    ),
    cifar10Batch(
      'test_batch.bin',
      'test',
      '8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b',
    ),
  ],
  classNames: ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
  coarseNames: null,
}

export const CIFAR_100: CifarFormat = {
  set: 'cifar100',
  title: 'CIFAR-100',
  archive: 'cifar-100-binary.tar.gz',
  members: [
    {
      name: 'train.bin',
      split: 'train',
      images: 50_000,
      sha256: 'f31298fc616915fa142368359df1c4ca2ae984d6915ca468b998a5ec6aeebf29',
    },
    {
      name: 'test.bin',
      split: 'test',
      images: 10_000,
      sha256: 'd8b1e6b7b3bee4020055f0699b111f60b1af1e262aeb93a0b659061746f8224a',
    },
  ],
  classNames: CIFAR_100_FINE_NAMES,
  coarseNames: CIFAR_100_COARSE_NAMES,
}

export const CIFAR_FORMATS: readonly CifarFormat[] = [CIFAR_10, CIFAR_100]

export function recordBytes(format: CifarFormat): number {
  return (format.coarseNames ? 2 : 1) + IMAGE_BYTES
}

export function memberBytes(format: CifarFormat, member: CifarMember): number {
  return member.images * recordBytes(format)
}

/** Of all members: what is read while the set is unpacked. */
export function unpackedBytes(format: CifarFormat): number {
  return format.members.reduce((bytes, member) => bytes + memberBytes(format, member), 0)
}

export function splitImages(format: CifarFormat, split: Split): number {
  return format.members.reduce((images, member) => images + (member.split === split ? member.images : 0), 0)
}

/** Place of a member's first image in its split. */
export function firstImageOf(format: CifarFormat, member: CifarMember): number {
  const before = format.members.slice(0, format.members.indexOf(member))
  return before.reduce((images, other) => images + (other.split === member.split ? other.images : 0), 0)
}
