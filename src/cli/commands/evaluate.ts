import { basename } from 'node:path'
import { coarseAccuracy } from '../../base/coarse-classes.ts'
import { evaluateWeightsFile } from '../../operations/evaluate-weights-file.ts'
import { commandLinePorts } from '../command-line-ports.ts'
import { openImageSource } from '../image-source.ts'
import { accuracyText, evaluationTables } from './evaluation-text.ts'
import { configFrom, engineFrom, markdownFrom } from '../options/config-options.ts'
import { required } from '../options/option-values.ts'
import type { Values } from '../options/options.ts'
import { readWeightsFile } from './run-folder.ts'
import { withEngines } from '../device/with-engines.ts'

/** The verb `evaluate`: a safetensors file's score on the test images. */
export async function evaluate(values: Values): Promise<{ text: string; json: unknown }> {
  const file = required('evaluate', values, 'weights')
  const place = required('evaluate', values, 'data')
  // Options are judged before anything is read, by the largest sets.
  configFrom('evaluate', values, 'cifar10')
  const setting = engineFrom('evaluate', values)
  const hasTables = markdownFrom('evaluate', values)
  const source = await openImageSource(place)
  const config = configFrom('evaluate', values, source.set)
  const bytes = await readWeightsFile(file)
  const images = await source.load('test', config.data.limitTest)
  return withEngines(setting, async (engines) => {
    const engine = await engines.get()
    const begun = performance.now()
    const { evaluation } = await evaluateWeightsFile(
      {
        bytes,
        fileName: basename(file),
        // The command line names the network: another one's weights are refused.
        trustsFile: false,
        expected: config,
        set: source.set,
        images,
      },
      {
        ...commandLinePorts(source),
        engine,
        onProgress: (done, total) => console.error(`${done} of ${total} images`),
      },
    )
    const seconds = (performance.now() - begun) / 1000
    const score = `${accuracyText(source.set, evaluation)}, loss ${evaluation.loss.toFixed(6)}, ${seconds.toFixed(1)} s`
    return {
      text: hasTables ? `${score}\n\n${evaluationTables(evaluation, source.classNames)}` : score,
      json: {
        ...evaluation,
        coarseAccuracy: coarseAccuracy(source.set, evaluation.confusion),
        preset: config.preset,
        dataSet: source.set,
        device: engine.info,
        seconds,
      },
    }
  })
}
