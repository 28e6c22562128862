/** Options of the openvino engine. */
import { z } from 'zod';

export const openvinoOptions = z.strictObject({
  dynamicQuantizationGroup: z
    .number()
    .int()
    .min(0)
    .max(4096)
    .default(0)
    .describe(
      "DYNAMIC_QUANTIZATION_GROUP_SIZE: activations that share a scale when they are quantised to int8 for w8 and w4; 0: they stay in float32 (OpenVINO's own default is not 0)",
    ),
});
