// zhenye-na/deep-learning-uiuc, CIFAR-100.
import { NO_SWITCH, OWN_DRAWS, RECIPE_BASE, type System } from './system.ts'

const ID = 'zhenye-na'

export const ZHENYE_NA: System = {
  id: ID,
  title: 'zhenye-na',
  source: { name: 'zhenye-na/deep-learning-uiuc', url: 'https://github.com/zhenye-na/deep-learning-uiuc' },
  about:
    'A course’s ResNet for CIFAR-100: dropout of whole channels after the stem, four stages of 2, 4, 4 and 2 blocks ' +
    'without ReLU after the addition, shortcuts by a 3×3 convolution and batch norm, a 4×4 max pool before the linear layer.',
  reported: {
    columns: ['Test accuracy', 'After'],
    rows: [
      {
        preset: ID,
        identity: true,
        testAccuracy: 61.97,
        cells: ['61.97 %', '70 epochs (best 62.70 % at 69)'],
      },
    ],
    note: 'By the write-up: 14.85 % after epoch 1, 45.35 % after 10, 59.18 % after 30. The repository’s own log goes on to 107 epochs: best 63.89 % at 103, last 63.26 %.',
  },
  differences: [
    NO_SWITCH,
    OWN_DRAWS,
    'The author’s training accuracy is a second pass over the training images after the epoch, augmented and in training mode, and the loss an unweighted mean of the batches’; this lab’s are means over the epoch’s steps, while the weights move.',
    'The author’s test runs in training mode (statistics of the test batch, dropout on); this lab evaluates with running statistics and without dropout.',
    'The code trains for up to 500 epochs; the write-up shows 70, and the preset trains for 70.',
    'The write-up also names a rate of 0.1 divided by 10 on a plateau; the preset has the code’s constant 0.01, and a plateau can be chosen under Learning-rate schedule.',
  ],
  naming: 'zhenye-na',
  presets: [
    {
      id: ID,
      title: '26 layers, CIFAR-100',
      note: 'Trained on the 100 fine labels; the accuracy on the 20 superclasses is shown beside.',
      config: {
        ...RECIPE_BASE,
        preset: ID,
        data: { ...RECIPE_BASE.data, set: 'cifar100' },
        network: {
          stem: { channels: 32, dropout: 0.02 },
          stages: [
            { blocks: 2, channels: 32 },
            { blocks: 4, channels: 64 },
            { blocks: 4, channels: 128 },
            { blocks: 2, channels: 256 },
          ],
          block: { kind: 'basic', reluAfterAdd: false },
          shortcut: { kind: 'conv3x3-bn' },
          convolutionBias: 'none',
          head: { pool: 'max', bias: true },
          initialisation: {
            weights: 'kaiming-normal-fan-out',
            linear: 'uniform',
            linearBias: 'zero',
            scale: 'one',
            runningVariance: 1,
          },
          identity: true,
        },
        optimiser: {
          kind: 'sgd',
          learningRate: 0.01,
          momentum: 0.9,
          nesterov: false,
          weightDecay: 1e-5,
          decays: 'all',
        },
        schedule: { kind: 'constant' },
        budget: { unit: 'epoch', amount: 70 },
        batchSize: 256,
        normalisation: { kind: 'channels', mean: [0.507, 0.487, 0.441], std: [0.267, 0.256, 0.276] },
        whitening: null,
      },
    },
  ],
}
