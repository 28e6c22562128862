/** Options of the openvino engine. */
import { z } from 'zod';
import { oneOfNumbers } from '../../axes/whole-number.ts';
import { described } from '../option-words.ts';

export const openvinoOptions = z.strictObject({
  groupSize: described(oneOfNumbers([16, 32, 64, 128, 256]).default(32), {
    en: 'weights that share one scale, with precision w4 (w8 has one scale per row)',
    ja: '1 つの縮尺を共有する重みの数（精度 w4。w8 では行ごとに 1 つ）',
  }),
  dynamicQuantizationGroup: described(z.number().int().min(0).max(4096).default(0), {
    en: "DYNAMIC_QUANTIZATION_GROUP_SIZE: activations that share a scale when they are quantised to int8 for w8 and w4; 0: they stay in float32 (OpenVINO's own default is not 0)",
    ja: 'DYNAMIC_QUANTIZATION_GROUP_SIZE: w8 と w4 で活性を int8 に量子化するとき縮尺を共有する数。0: float32 のまま（OpenVINO の既定は 0 ではない）',
  }),
});

export type OpenvinoOptions = z.infer<typeof openvinoOptions>;
