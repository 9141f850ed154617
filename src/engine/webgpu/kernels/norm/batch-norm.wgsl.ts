import { ELEMENT_WORKGROUP } from '../grid-stride.ts'
import { partsWgsl, PIXEL_COUNTS } from '../images/pixel-parts.ts'
import { wgsl } from '../wgsl.ts'

// Partial sums lie in two rows of `parts` vectors each. Every thread adds up those of its own channels: that is less work
// than a dispatch between the two, or than a barrier behind one thread that does it for all (two to four times the time of
// the whole kernel on SwiftShader).

/**
 * Deviations are taken from a row's first pixel, and rows are merged by Chan's formula, so that a mean far from zero
 * costs no digits.
 */
export const STATISTICS = partsWgsl({
  declarations: wgsl`
var<workgroup> means: array<vec4f, ${ELEMENT_WORKGROUP}>;
var<workgroup> squares: array<vec4f, ${ELEMENT_WORKGROUP}>;
`,
  before: wgsl`
    let origin = vec4f(source[first]);
    var sum = vec4f();
    var square = vec4f();`,
  each: wgsl`
      let deviation = vec4f(source[i]) - origin;
      sum += deviation;
      square += deviation * deviation;`,
  keep: wgsl`
    let mean = sum / max(pixelsOfRow(row), 1.0);
    means[local] = origin + mean;
    squares[local] = square - mean * sum;`,
  merge: wgsl`
    let origin = means[lane];
    var shift = vec4f();
    for (var k = 1u; k < dims.rows; k++) { shift += pixelsOfRow(row + k) * (means[lane + k * lanes] - origin); }
    shift /= max(pixelsOfPart(part), 1.0);
    var square = vec4f();
    for (var k = 0u; k < dims.rows; k++) {
      let deviation = means[lane + k * lanes] - origin - shift;
      square += squares[lane + k * lanes] + pixelsOfRow(row + k) * deviation * deviation;
    }
    moments[part * dims.channelVectors + channel] = origin + shift;
    moments[(dims.parts + part) * dims.channelVectors + channel] = square;`,
})

type Application = { readonly running: boolean; readonly relu: boolean; readonly residual: boolean }

/** A thread keeps to 4 channels, since its stride is a multiple of the channel vectors. */
export function applyWgsl({ running, relu, residual }: Application): string {
  return wgsl`
${running ? 'override epsilon: f32;' : MERGED_MOMENTS}

@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(@builtin(global_invocation_id) thread: vec3u) {
  if (thread.x >= dims.stride) { return; }
  let channel = thread.x % dims.channelVectors;
  ${running ? RUNNING_MOMENTS : BATCH_MOMENTS}
  let slope = deviation * scale[channel];
  let offset = shift[channel];
  for (var i = thread.x; i < dims.vectors; i += dims.stride) {
    let y = (vec4f(source[i]) - mean) * slope + offset${residual ? ' + vec4f(residual[i])' : ''};
    destination[i] = Destination(${relu ? 'select(y, vec4f(), y < vec4f())' : 'y'});
  }
}
`
}

const RUNNING_MOMENTS = wgsl`
  let mean = runningMean[channel];
  let deviation = 1.0 / sqrt(runningVariance[channel] + epsilon);`

/** One thread for each channel keeps what comes of it. */
const BATCH_MOMENTS = wgsl`
  let merged = mergeMoments(channel);
  let mean = merged.mean;
  let deviation = 1.0 / sqrt(merged.variance + epsilon);
  if (thread.x < dims.channelVectors) { storeMoments(channel, merged, deviation); }`

/** Means are added as differences from the first part's, as above. */
const MERGED_MOMENTS = wgsl`
override epsilon: f32;
override momentum: f32;

${PIXEL_COUNTS}

struct Moments { mean: vec4f, variance: vec4f }

fn mergeMoments(channel: u32) -> Moments {
  let pixels = countedPixels();
  let row = dims.channelVectors;
  let origin = moments[channel];
  var shift = vec4f();
  for (var part = 1u; part < dims.parts; part++) {
    shift += pixelsOfPart(part) * (moments[part * row + channel] - origin);
  }
  shift /= f32(pixels);
  var squares = vec4f();
  for (var part = 0u; part < dims.parts; part++) {
    let deviation = moments[part * row + channel] - origin - shift;
    squares += moments[(dims.parts + part) * row + channel] + pixelsOfPart(part) * deviation * deviation;
  }
  return Moments(origin + shift, squares / f32(pixels));
}

fn storeMoments(channel: u32, moments: Moments, deviation: vec4f) {
  statistics[channel] = moments.mean;
  statistics[dims.channelVectors + channel] = deviation;
  let pixels = f32(countedPixels());
  let unbiased = moments.variance * (pixels / max(pixels - 1.0, 1.0));
  let meanAt = dims.runningMean + channel;
  let varianceAt = dims.runningVariance + channel;
  running[meanAt] = (1.0 - momentum) * running[meanAt] + momentum * moments.mean;
  running[varianceAt] = (1.0 - momentum) * running[varianceAt] + momentum * unbiased;
}
`

export const TRACK = wgsl`
${MERGED_MOMENTS}

@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(@builtin(global_invocation_id) thread: vec3u) {
  if (thread.x >= dims.channelVectors) { return; }
  let merged = mergeMoments(thread.x);
  storeMoments(thread.x, merged, 1.0 / sqrt(merged.variance + epsilon));
}
`

export function reduceWgsl(masked: boolean): string {
  return partsWgsl({
    declarations: wgsl`
var<workgroup> gradients: array<vec4f, ${ELEMENT_WORKGROUP}>;
var<workgroup> products: array<vec4f, ${ELEMENT_WORKGROUP}>;
`,
    before: wgsl`
    let mean = statistics[channel];
    var sum = vec4f();
    var product = vec4f();`,
    each: wgsl`
      let g = ${incoming(masked)};
      sum += g;
      product += g * (vec4f(source[i]) - mean);`,
    keep: wgsl`
    gradients[local] = sum;
    products[local] = product;`,
    merge: wgsl`
    var sum = vec4f();
    var product = vec4f();
    for (var k = 0u; k < dims.rows; k++) {
      sum += gradients[lane + k * lanes];
      product += products[lane + k * lanes];
    }
    sums[part * dims.channelVectors + channel] = sum;
    sums[(dims.parts + part) * dims.channelVectors + channel] = product * statistics[dims.channelVectors + channel];`,
  })
}

type Gradient = { readonly masked: boolean; readonly keepsMasked: boolean; readonly accumulate: boolean }

/** With n pixels: dx = γ/σ · (g − Σg/n − x̂ · Σ(g·x̂)/n), as a·g + b·(x − mean) + c. */
export function inputGradientWgsl({ masked, keepsMasked, accumulate }: Gradient): string {
  return wgsl`
@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(@builtin(global_invocation_id) thread: vec3u) {
  if (thread.x >= dims.stride) { return; }
  let row = dims.channelVectors;
  let channel = thread.x % row;
  var sum = vec4f();
  var product = vec4f();
  for (var part = 0u; part < dims.parts; part++) {
    sum += sums[part * row + channel];
    product += sums[(dims.parts + part) * row + channel];
  }
  let pixels = f32(step.images * dims.pixelsPerImage);
  let mean = statistics[channel];
  let deviation = statistics[row + channel];
  let a = scale[channel] * deviation;
  let b = -a * deviation * product / pixels;
  let c = -a * sum / pixels;
  let counted = min(step.images * dims.pixelsPerImage * row, dims.vectors);
  var i = thread.x;
  for (; i < counted; i += dims.stride) {
    let g = ${incoming(masked)};
    let dx = a * g + b * (vec4f(source[i]) - mean) + c;
    destination[i] = Destination(dx${accumulate ? ' + vec4f(destination[i])' : ''});
    ${keepsMasked ? 'residualGradient[i] = ResidualGradient(g);' : ''}
  }
  for (; i < dims.vectors; i += dims.stride) {
    destination[i] = Destination();
    ${keepsMasked ? 'residualGradient[i] = ResidualGradient();' : ''}
  }
}
`
}

function incoming(masked: boolean): string {
  return masked ? 'select(vec4f(), vec4f(gradient[i]), vec4f(mask[i]) > vec4f())' : 'vec4f(gradient[i])'
}
