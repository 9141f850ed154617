/** The command line is wrong: one line for the person, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const USAGE = `Usage: npm run --silent lab -- VERB [options]

presets  [--json]
    The published systems that can be trained, and their parameter counts.

train    --preset ID --data builtin|DIR [--no-identity] [--n N] [--width N]
         [--steps N | --epochs N] [--batch N] [--seed N]
         [--optimiser sgd|adam|adamw|rmsprop|adagrad] [--learning-rate X]
         [--whitening author|covariance|none] [--limit-train N] [--limit-test N]
         [--engine webgpu|tfjs] [--out DIR] [--json]
    Trains a network; DIR holds CIFAR's .bin files. --out takes the weights (safetensors), the metrics, and a
    checkpoint at the end of each epoch and on Ctrl-C. Another optimiser than the preset's has PyTorch's defaults.
    A whitening is computed first, which takes minutes.

train    --resume DIR [--steps N | --epochs N] [--data DIR] [--engine webgpu|tfjs] [--out DIR] [--json]
    Goes on from the checkpoint in DIR, up to N steps or epochs in all, as if it had never stopped.

evaluate --preset ID --weights FILE --data builtin|DIR [--no-identity] [--n N] [--width N]
         [--whitening author|covariance|none] [--limit N] [--engine webgpu|tfjs] [--json]
    The score of a safetensors file on the test images.

Progress goes to stderr. With --json the last line of stdout is one JSON object.
Exit codes: 0 success, 1 failure, 2 wrong arguments, 130 stopped by Ctrl-C.`
