// What the page knows of the data sets: the place of each in this browser, and apart from it how far its transfer is.
import { DATA_SET_IDS, type DataSetId } from '../../base/data-set.ts'
import {
  absentDataSet,
  type StoredDataSet,
  type DataSetStatus,
  NO_TRANSFER,
  type Transfer,
} from '../../contract/events.ts'

export type DataSets = {
  /** A place stays the same object while nothing but its transfer moves on: several times a second, for minutes. */
  readonly dataSets: Readonly<Record<DataSetId, StoredDataSet>>
  readonly transfers: Readonly<Record<DataSetId, Transfer>>
  /** How far the whitening is that a person asked for by itself, 0 … 1; null where none is being computed. */
  readonly whiteningShare: number | null
}

export const NO_DATA_SETS: DataSets = {
  dataSets: {
    builtin: placeOf(absentDataSet('builtin')),
    cifar10: placeOf(absentDataSet('cifar10')),
    cifar100: placeOf(absentDataSet('cifar100')),
  },
  transfers: { builtin: NO_TRANSFER, cifar10: NO_TRANSFER, cifar100: NO_TRANSFER },
  whiteningShare: null,
}

export function applyDataSet(
  { dataSets, transfers }: Pick<DataSets, 'dataSets' | 'transfers'>,
  status: DataSetStatus,
): Pick<DataSets, 'dataSets' | 'transfers'> {
  const { set, bytes, totalBytes, bytesPerSecond } = status
  const place = placeOf(status)
  const isSame = JSON.stringify(place) === JSON.stringify(dataSets[set])
  return {
    dataSets: isSame ? dataSets : { ...dataSets, [set]: place },
    transfers: { ...transfers, [set]: { bytes, totalBytes, bytesPerSecond } },
  }
}

/** The data sets in the order in which they are shown. */
export function dataSetList({ dataSets }: Pick<DataSets, 'dataSets'>): StoredDataSet[] {
  return DATA_SET_IDS.map((set) => dataSets[set])
}

function placeOf({ set, state, images, classNames, notice, failure }: DataSetStatus): StoredDataSet {
  return { set, state, images, classNames, notice, failure }
}
