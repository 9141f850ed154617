// The kernels by number, in the order of KERNELS in ../kernels.ts.
import {
  mergeMoments,
  MergeMomentsCall,
  mergeNormGradients,
  MergeNormGradientsCall,
  moments,
  MomentsCall,
  normalise,
  NormaliseCall,
  normGradientSums,
  NormGradientSumsCall,
  normInputGradient,
  NormInputGradientCall,
  runningStatistics,
  RunningStatisticsCall,
} from './batch-norm'
import {
  channelSums,
  ChannelSumsCall,
  convolution,
  ConvolutionCall,
  filterGradient,
  FilterGradientCall,
  transpose,
  TransposeCall,
} from './convolution'
import {
  add,
  clearBorder,
  ClearBorderCall,
  dropout,
  DropoutCall,
  ElementWiseCall,
  relu,
  reluGradient,
} from './element-wise'
import { decode, DecodeCall, spread, SpreadCall, whiten, WhitenCall } from './images'
import { crossEntropy, CrossEntropyCall, sumLosses, SumLossesCall } from './loss'
import { optimise, sumPartials, SumPartialsCall } from './optimise'
import { OptimiseCall } from './optimise-call'
import { peak, PeakCall } from './peak'
import {
  globalAveragePool,
  globalAveragePoolGradient,
  maxPool,
  maxPoolGradient,
  MaxPoolGradientCall,
  PoolCall,
  shortcut,
  ShortcutCall,
  shortcutGradient,
} from './pool'

import {
  winograd,
  WinogradCall,
  winogradFilterGradient,
  winogradFilter,
  WinogradFilterGradientCall,
  winogradGradientTiles,
  winogradInputTiles,
  winogradSums,
  WinogradSumsCall,
  WinogradTilesCall,
  winogradWeights,
  WinogradWeightsCall,
} from './winograd'

/** @param count units of this chunk, from `first` on */
export function call(kernel: i32, at: usize, first: i32, count: i32, chunk: i32): void {
  switch (kernel) {
    case 0:
      return convolution(changetype<ConvolutionCall>(at), first, count)
    case 1:
      return filterGradient(changetype<FilterGradientCall>(at), first, count, chunk)
    case 2:
      return transpose(changetype<TransposeCall>(at), first, count)
    case 3:
      return channelSums(changetype<ChannelSumsCall>(at), first, count, chunk)
    case 4:
      return moments(changetype<MomentsCall>(at), first, count, chunk)
    case 5:
      return mergeMoments(changetype<MergeMomentsCall>(at))
    case 6:
      return runningStatistics(changetype<RunningStatisticsCall>(at))
    case 7:
      return normalise(changetype<NormaliseCall>(at), first, count)
    case 8:
      return normGradientSums(changetype<NormGradientSumsCall>(at), first, count, chunk)
    case 9:
      return mergeNormGradients(changetype<MergeNormGradientsCall>(at))
    case 10:
      return normInputGradient(changetype<NormInputGradientCall>(at), first, count)
    case 11:
      return relu(changetype<ElementWiseCall>(at), first, count)
    case 12:
      return add(changetype<ElementWiseCall>(at), first, count)
    case 13:
      return reluGradient(changetype<ElementWiseCall>(at), first, count)
    case 14:
      return clearBorder(changetype<ClearBorderCall>(at), first, count)
    case 15:
      return dropout(changetype<DropoutCall>(at), first, count)
    case 16:
      return globalAveragePool(changetype<PoolCall>(at), first, count)
    case 17:
      return globalAveragePoolGradient(changetype<PoolCall>(at), first, count)
    case 18:
      return maxPool(changetype<PoolCall>(at), first, count)
    case 19:
      return maxPoolGradient(changetype<MaxPoolGradientCall>(at), first, count)
    case 20:
      return shortcut(changetype<ShortcutCall>(at), first, count)
    case 21:
      return shortcutGradient(changetype<ShortcutCall>(at), first, count)
    case 22:
      return decode(changetype<DecodeCall>(at), first, count)
    case 23:
      return whiten(changetype<WhitenCall>(at), first, count)
    case 24:
      return spread(changetype<SpreadCall>(at), first, count)
    case 25:
      return crossEntropy(changetype<CrossEntropyCall>(at), first, count)
    case 26:
      return sumLosses(changetype<SumLossesCall>(at))
    case 27:
      return sumPartials(changetype<SumPartialsCall>(at), first, count)
    case 28:
      return optimise(changetype<OptimiseCall>(at), first, count)
    case 29:
      return winograd(changetype<WinogradCall>(at), first, count)
    case 30:
      return winogradWeights(changetype<WinogradWeightsCall>(at), first, count)
    case 31:
      return winogradFilterGradient(changetype<WinogradFilterGradientCall>(at), first, count, chunk)
    case 32:
      return winogradInputTiles(changetype<WinogradTilesCall>(at), first, count)
    case 33:
      return winogradGradientTiles(changetype<WinogradTilesCall>(at), first, count)
    case 34:
      return winogradSums(changetype<WinogradSumsCall>(at), first, count)
    case 35:
      return winogradFilter(changetype<WinogradSumsCall>(at), first, count)
    case 36:
      return peak(changetype<PeakCall>(at), first, count)
    default:
      unreachable()
  }
}
