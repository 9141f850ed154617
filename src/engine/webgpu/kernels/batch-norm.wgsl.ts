import { ELEMENT_WORKGROUP } from './grid-stride.ts'
import { wgsl } from './wgsl.ts'

// Sums over pixels: a thread owns 4 channels of one chunk of pixels, and chunk k is pixels k, k + chunks, …

/**
 * Deviations are taken from the chunk's first pixel, so that a mean far from zero costs no digits; FINALISE merges
 * chunks by Chan's formula. An empty chunk (a small last batch) writes zeros.
 */
export const STATISTICS = wgsl`
@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(@builtin(global_invocation_id) thread: vec3u) {
  let channel = thread.x % dims.channelVectors;
  let chunk = thread.x / dims.channelVectors;
  if (chunk >= dims.chunks) { return; }
  let pixels = step.images * dims.pixelsPerImage;
  let origin = vec4f(source[thread.x]);
  var sum = vec4f();
  var squares = vec4f();
  for (var pixel = chunk; pixel < pixels; pixel += dims.chunks) {
    let deviation = vec4f(source[pixel * dims.channelVectors + channel]) - origin;
    sum += deviation;
    squares += deviation * deviation;
  }
  let count = f32((pixels + dims.chunks - 1u - chunk) / dims.chunks);
  let shift = sum / max(count, 1.0);
  let at = chunk * 2u * dims.channelVectors + channel;
  partials[at] = select(vec4f(), origin + shift, count > 0.0);
  partials[at + dims.channelVectors] = squares - shift * sum;
}
`

/** A thread owns 4 channels. Means are added as differences from the first chunk's, for the same reason. */
export const FINALISE = wgsl`
override epsilon: f32;
override momentum: f32;

@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(@builtin(global_invocation_id) thread: vec3u) {
  let channel = thread.x;
  if (channel >= dims.channelVectors) { return; }
  let pixels = step.images * dims.pixelsPerImage;
  let origin = partials[channel];
  var shift = vec4f();
  for (var chunk = 0u; chunk < dims.chunks; chunk++) {
    let count = f32((pixels + dims.chunks - 1u - chunk) / dims.chunks);
    shift += count * (partials[chunk * 2u * dims.channelVectors + channel] - origin);
  }
  let mean = origin + shift / f32(pixels);
  var squares = vec4f();
  for (var chunk = 0u; chunk < dims.chunks; chunk++) {
    let count = f32((pixels + dims.chunks - 1u - chunk) / dims.chunks);
    let at = chunk * 2u * dims.channelVectors + channel;
    let deviation = partials[at] - mean;
    squares += partials[at + dims.channelVectors] + count * deviation * deviation;
  }
  statistics[channel] = mean;
  statistics[dims.channelVectors + channel] = 1.0 / sqrt(squares / f32(pixels) + epsilon);
  let unbiased = squares / f32(max(pixels, 2u) - 1u);
  runningMean[channel] = (1.0 - momentum) * runningMean[channel] + momentum * mean;
  runningVariance[channel] = (1.0 - momentum) * runningVariance[channel] + momentum * unbiased;
}
`

type Application = { readonly running: boolean; readonly relu: boolean; readonly residual: boolean }

/** A thread keeps to 4 channels, since its stride is a multiple of the channel vectors. */
export function applyWgsl({ running, relu, residual }: Application): string {
  return wgsl`
${running ? 'override epsilon: f32;' : ''}

@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(@builtin(global_invocation_id) thread: vec3u) {
  if (thread.x >= dims.stride) { return; }
  let channel = thread.x % dims.channelVectors;
  let mean = ${running ? 'runningMean[channel]' : 'statistics[channel]'};
  let deviation = ${running ? '1.0 / sqrt(runningVariance[channel] + epsilon)' : 'statistics[dims.channelVectors + channel]'};
  let slope = deviation * scale[channel];
  let offset = shift[channel];
  for (var i = thread.x; i < dims.vectors; i += dims.stride) {
    let y = (vec4f(source[i]) - mean) * slope + offset${residual ? ' + vec4f(residual[i])' : ''};
    destination[i] = Destination(${relu ? 'select(y, vec4f(), y < vec4f())' : 'y'});
  }
}
`
}

export function reduceWgsl(masked: boolean): string {
  return wgsl`
@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(@builtin(global_invocation_id) thread: vec3u) {
  let channel = thread.x % dims.channelVectors;
  let chunk = thread.x / dims.channelVectors;
  if (chunk >= dims.chunks) { return; }
  let pixels = step.images * dims.pixelsPerImage;
  let mean = statistics[channel];
  var sum = vec4f();
  var products = vec4f();
  for (var pixel = chunk; pixel < pixels; pixel += dims.chunks) {
    let i = pixel * dims.channelVectors + channel;
    let g = ${incoming(masked)};
    sum += g;
    products += g * (vec4f(source[i]) - mean);
  }
  let at = chunk * 2u * dims.channelVectors + channel;
  partials[at] = sum;
  partials[at + dims.channelVectors] = products * statistics[dims.channelVectors + channel];
}
`
}

/** With n pixels: dx = γ/σ · (g − Σg/n − x̂ · Σ(g·x̂)/n), as a·g + b·(x − mean) + c. */
export const BACKWARD_FINALISE = wgsl`
@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(@builtin(global_invocation_id) thread: vec3u) {
  let channel = thread.x;
  let row = dims.channelVectors;
  if (channel >= row) { return; }
  var sum = vec4f();
  var products = vec4f();
  for (var chunk = 0u; chunk < dims.chunks; chunk++) {
    let at = chunk * 2u * row + channel;
    sum += partials[at];
    products += partials[at + row];
  }
  shiftGradient[channel] = sum;
  scaleGradient[channel] = products;
  let pixels = f32(step.images * dims.pixelsPerImage);
  let deviation = statistics[row + channel];
  let a = scale[channel] * deviation;
  coefficients[channel] = statistics[channel];
  coefficients[row + channel] = a;
  coefficients[2u * row + channel] = -a * deviation * products / pixels;
  coefficients[3u * row + channel] = -a * sum / pixels;
}
`

type Gradient = { readonly masked: boolean; readonly keepsMasked: boolean; readonly accumulate: boolean }

export function inputGradientWgsl({ masked, keepsMasked, accumulate }: Gradient): string {
  return wgsl`
@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(@builtin(global_invocation_id) thread: vec3u) {
  if (thread.x >= dims.stride) { return; }
  let row = dims.channelVectors;
  let channel = thread.x % row;
  let mean = coefficients[channel];
  let a = coefficients[row + channel];
  let b = coefficients[2u * row + channel];
  let c = coefficients[3u * row + channel];
  let counted = min(step.images * dims.vectorsPerImage, dims.vectors);
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
