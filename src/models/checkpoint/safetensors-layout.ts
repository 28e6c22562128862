/**
 * The inverse of the header parser: where tensors go in a new safetensors file, and the header that says so.
 * The header is padded with spaces so that the data starts at a multiple of 4096 bytes: memory maps need no copy.
 */
import { HayasaError } from '../../kernel/errors.ts';
import { type SafetensorsDtype, type SafetensorsTensor, tensorBytes } from './safetensors-tensor.ts';

const ALIGNMENT_BYTES = 4096;
const LENGTH_BYTES = 8;

export interface SafetensorsLayout {
  /** The first bytes of the file: length field, JSON, padding. */
  readonly header: Uint8Array;
  /** In the order given, one after the other without gaps. */
  readonly tensors: readonly SafetensorsTensor[];
  readonly fileBytes: number;
}

/**
 * Lays `tensors` out in the order given.
 * @throws HayasaError `checkpoint/bad-size` where a tensor has no exact number of bytes
 */
export function layoutSafetensors(
  tensors: readonly {
    readonly name: string;
    readonly dtype: SafetensorsDtype;
    readonly dimensions: readonly number[];
  }[],
  metadata: Readonly<Record<string, string>> = {},
): SafetensorsLayout {
  let position = 0;
  const placed = tensors.map((tensor) => {
    const byteLength = tensorBytes(tensor.dtype, tensor.dimensions);
    if (byteLength === undefined) {
      throw new HayasaError({
        code: 'checkpoint/bad-size',
        message: {
          en: `${tensor.name}: ${tensor.dimensions.join(' x ')} is no exact number of bytes`,
          ja: `${tensor.name}: ${tensor.dimensions.join(' x ')} はちょうどのバイト数になりません`,
        },
      });
    }
    const offset = position;
    position += byteLength;
    return { ...tensor, offset, byteLength };
  });
  const json = JSON.stringify({
    ...(Object.keys(metadata).length === 0 ? {} : { __metadata__: metadata }),
    ...Object.fromEntries(
      placed.map(({ name, dtype, dimensions, offset, byteLength }) => [
        name,
        { dtype, shape: dimensions, data_offsets: [offset, offset + byteLength] },
      ]),
    ),
  });
  const header = framed(new TextEncoder().encode(json));
  return {
    header,
    tensors: placed.map((tensor) => ({ ...tensor, offset: tensor.offset + header.byteLength })),
    fileBytes: header.byteLength + position,
  };
}

function framed(json: Uint8Array): Uint8Array {
  const total = Math.ceil((LENGTH_BYTES + json.byteLength) / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
  const header = new Uint8Array(total).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(total - LENGTH_BYTES), true);
  header.set(json, LENGTH_BYTES);
  return header;
}
