import { useEffect, useRef, useState } from 'react'
import { type Failure, toFailure } from '../../../base/app-error.ts'
import type { CommandOf, ReplyOf } from '../../../contract/commands.ts'
import { IMAGE_SIDE } from '../../../base/data-set.ts'
import type { RunConfig } from '../../../config/run-config.ts'
import { FailureNotice } from '../../foundation/controls/notice.tsx'
import { duration } from '../../foundation/controls/quantities.ts'
import styles from './augmentation-preview.module.css'
import { WhiteningOffer, type WhiteningWork } from './whitening-offer.tsx'

const IMAGES = 9
const RGBA_BYTES = IMAGE_SIDE * IMAGE_SIDE * 4
/** Typing a number sends one question, not one a keystroke. */
const SETTLE_MS = 200

type Preview = ReplyOf<'preview-augmentation'>

export type PreviewAugmentation = (query: Omit<CommandOf<'preview-augmentation'>, 'kind'>) => Promise<Preview>

/** The first training images as the trainer would see them in its first epoch. */
export function AugmentationPreview(props: {
  readonly setup: RunConfig
  readonly preview: PreviewAugmentation
  readonly whitening: WhiteningWork
}) {
  const { preview, whitening: work } = props
  const { data, augmentation, normalisation, whitening, seed } = props.setup
  const { set, limitTrain } = data
  const [shown, setShown] = useState<Preview | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  // While it is being computed there is none to be found; afterwards there may be.
  const isComputing = work.share !== null || work.isPreparing
  const wanted = isComputing ? null : whitening

  useEffect(() => {
    let stale = false
    async function ask(): Promise<void> {
      const query = { set, limitTrain, augmentation, normalisation, whitening: wanted, seed, count: IMAGES }
      const outcome = await preview(query).catch(toFailure)
      if (stale) return
      if ('rgba' in outcome) setShown(outcome)
      setFailure('rgba' in outcome ? null : outcome)
    }
    const timer = setTimeout(() => void ask(), SETTLE_MS)
    return () => {
      stale = true
      clearTimeout(timer)
    }
  }, [set, limitTrain, augmentation, normalisation, wanted, seed, preview])

  if (failure) return <FailureNotice failure={failure} />
  return (
    <>
      <figure className={styles.figure}>
        <div className={styles.images} aria-hidden="true">
          {Array.from({ length: IMAGES }, (_, i) => (
            <Image key={i} pixels={shown?.rgba.subarray(i * RGBA_BYTES, (i + 1) * RGBA_BYTES) ?? null} />
          ))}
        </div>
        <figcaption>{caption(shown, whitening)}</figcaption>
      </figure>
      {whitening && shown?.whitened === null && (
        <WhiteningOffer query={{ set, limitTrain, normalisation, whitening }} work={work} />
      )}
    </>
  )
}

function caption(shown: Preview | null, whitening: RunConfig['whitening']): string {
  const images = `The first ${IMAGES} training images`
  if (!whitening) return `${images} after augmentation.`
  if (!shown?.whitened) return `${images}, not whitened yet.`
  return `${images} after augmentation and whitening, scaled so that ±3 standard deviations span black to white. The matrix took ${duration(shown.whitened.seconds)} to compute and is stored.`
}

function Image({ pixels }: { readonly pixels: Uint8Array | null }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context || pixels?.length !== RGBA_BYTES) return
    context.putImageData(new ImageData(new Uint8ClampedArray(pixels), IMAGE_SIDE, IMAGE_SIDE), 0, 0)
  }, [pixels])
  return <canvas ref={canvas} className={styles.image} width={IMAGE_SIDE} height={IMAGE_SIDE} />
}
