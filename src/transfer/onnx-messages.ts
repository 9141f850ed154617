// The messages of onnx/onnx.proto that a network needs, without their own field numbers.
import { type Bytes, float, integer, message, text } from './protobuf.ts'
import { joinBytes } from './join-bytes.ts'

/** TensorProto.DataType */
export const ELEMENT = { float: 1, int64: 7 } as const
/** AttributeProto.AttributeType */
const ATTRIBUTE = { float: 1, int: 2, ints: 7 } as const

/** TensorProto. @param raw the values, row-major, little-endian */
export function onnxTensor(
  name: string,
  element: (typeof ELEMENT)[keyof typeof ELEMENT],
  shape: readonly number[],
  raw: Uint8Array,
): Bytes {
  return joinBytes([
    ...shape.map((side) => integer(1, side)),
    integer(2, element),
    text(8, name),
    message(9, [raw]),
  ])
}

/** NodeProto, of one output. */
export function onnxNode(
  type: string,
  inputs: readonly string[],
  output: string,
  attributes: readonly Bytes[],
): Bytes {
  return joinBytes([
    ...inputs.map((input) => text(1, input)),
    text(2, output),
    text(3, output),
    text(4, type),
    ...attributes.map((bytes) => message(5, [bytes])),
  ])
}

/** AttributeProto: a list of whole numbers, one whole number, or a float. */
export function attribute(
  name: string,
  value: readonly number[] | { readonly whole: number } | number,
): Bytes {
  if (typeof value === 'number')
    return joinBytes([text(1, name), float(2, value), integer(20, ATTRIBUTE.float)])
  if ('whole' in value) return joinBytes([text(1, name), integer(3, value.whole), integer(20, ATTRIBUTE.int)])
  return joinBytes([text(1, name), ...value.map((one) => integer(8, one)), integer(20, ATTRIBUTE.ints)])
}

/** ValueInfoProto of float32. @param shape a name for a side that is not known beforehand */
export function onnxValue(name: string, shape: readonly (number | string)[]): Bytes {
  const dimensions = shape.map((side) =>
    message(1, [typeof side === 'string' ? text(2, side) : integer(1, side)]),
  )
  const tensor = [integer(1, ELEMENT.float), message(2, dimensions)]
  return joinBytes([text(1, name), message(2, [message(1, tensor)])])
}
