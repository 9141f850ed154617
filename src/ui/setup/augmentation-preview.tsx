import { useEffect, useRef, useState } from 'react'
import { type Failure, toFailure } from '../../contract/app-error.ts'
import { type DataSetId, IMAGE_SIDE } from '../../contract/data-set.ts'
import type { AugmentationConfig } from '../../contract/image-config.ts'
import { FailureNotice } from '../controls/notice.tsx'
import type { PreviewAugmentation } from './augmentation-panel.tsx'
import styles from './augmentation-preview.module.css'

const IMAGES = 9
const RGBA_BYTES = IMAGE_SIDE * IMAGE_SIDE * 4
/** Typing a number sends one question, not one a keystroke. */
const SETTLE_MS = 200

/** The first training images as the trainer would see them in its first epoch. */
export function AugmentationPreview(props: {
  readonly set: DataSetId
  readonly augmentation: AugmentationConfig
  readonly seed: number
  readonly preview: PreviewAugmentation
}) {
  const { set, augmentation, seed, preview } = props
  const [rgba, setRgba] = useState<Uint8Array | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)

  useEffect(() => {
    let stale = false
    async function ask(): Promise<void> {
      const outcome = await preview({ set, augmentation, seed, count: IMAGES }).catch(toFailure)
      if (stale) return
      if ('rgba' in outcome) setRgba(outcome.rgba)
      setFailure('rgba' in outcome ? null : outcome)
    }
    const timer = setTimeout(() => void ask(), SETTLE_MS)
    return () => {
      stale = true
      clearTimeout(timer)
    }
  }, [set, augmentation, seed, preview])

  if (failure) return <FailureNotice failure={failure} />
  return (
    <figure className={styles.figure}>
      <div className={styles.images} aria-hidden="true">
        {Array.from({ length: IMAGES }, (_, i) => (
          <Image key={i} pixels={rgba?.subarray(i * RGBA_BYTES, (i + 1) * RGBA_BYTES) ?? null} />
        ))}
      </div>
      <figcaption>The first {IMAGES} training images, as the network meets them.</figcaption>
    </figure>
  )
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
