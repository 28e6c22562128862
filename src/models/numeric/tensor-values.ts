/** Stored tensors as float32 values and back. Little-endian machines only, as every one that Node.js runs on today. */
import type { Files } from '../../host/host.ts';
import { type CheckpointTensor, dtypeBytes, type TensorDtype } from '../checkpoint/checkpoint.ts';
import { bfloat16ToFloat32, float32ToBfloat16 } from './bfloat16.ts';
import { float16ToFloat32, float32ToFloat16 } from './float16.ts';

/** The values of `bytes`, exactly. May share memory with `bytes` where the dtype is F32. */
export function decodeFloats(bytes: Uint8Array, dtype: TensorDtype): Float32Array {
  const aligned = bytes.byteOffset % dtypeBytes(dtype) === 0 ? bytes : bytes.slice();
  const { buffer, byteOffset, byteLength } = aligned;
  if (dtype === 'F32') return new Float32Array(buffer, byteOffset, byteLength / 4);
  const halves = new Uint16Array(buffer, byteOffset, byteLength / 2);
  const values = new Float32Array(halves.length);
  if (dtype === 'F16') float16ToFloat32(halves, values);
  else bfloat16ToFloat32(halves, values);
  return values;
}

/** The bytes of `values`, rounded to nearest. May share memory with `values` where the dtype is F32. */
export function encodeFloats(values: Float32Array, dtype: TensorDtype): Uint8Array {
  if (dtype === 'F32') return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const halves = new Uint16Array(values.length);
  if (dtype === 'F16') float32ToFloat16(values, halves);
  else float32ToBfloat16(values, halves);
  return new Uint8Array(halves.buffer);
}

/**
 * Elements [start, start + count) of a tensor, the whole of it unless told otherwise.
 * @throws HayasaError where the file cannot be read or has become shorter
 */
export function readFloats(
  files: Files,
  tensor: CheckpointTensor,
  start = 0,
  count: number = tensor.byteLength / dtypeBytes(tensor.dtype) - start,
): Float32Array {
  const size = dtypeBytes(tensor.dtype);
  return decodeFloats(files.readRange(tensor.file, tensor.offset + start * size, count * size), tensor.dtype);
}
