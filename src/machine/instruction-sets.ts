/**
 * The instruction sets that decide the speed of inference kernels, by the kernel's flag names (Linux
 * arch/x86/include/asm/cpufeatures.h; arch/arm64 elf_hwcaps). A name counts where all its flags are set.
 */

interface InstructionSet {
  readonly name: string;
  readonly flags: readonly string[];
  /** What it speeds up, in a few words. */
  readonly use: string;
}

export const INSTRUCTION_SETS: readonly InstructionSet[] = [
  { name: 'SSE4.2', flags: ['sse4_2'], use: '128-bit vectors' },
  { name: 'AVX', flags: ['avx'], use: '256-bit float vectors' },
  { name: 'F16C', flags: ['f16c'], use: 'float16 conversion' },
  { name: 'FMA', flags: ['fma'], use: 'fused multiply-add' },
  { name: 'AVX2', flags: ['avx2'], use: '256-bit integer vectors' },
  { name: 'AVX-VNNI', flags: ['avx_vnni'], use: 'int8 dot products in 256-bit vectors' },
  { name: 'AVX-512', flags: ['avx512f', 'avx512bw', 'avx512dq', 'avx512vl'], use: '512-bit vectors' },
  { name: 'AVX-512 VNNI', flags: ['avx512_vnni'], use: 'int8 dot products' },
  { name: 'AVX-512 BF16', flags: ['avx512_bf16'], use: 'bfloat16 dot products' },
  { name: 'AVX-512 FP16', flags: ['avx512_fp16'], use: 'float16 arithmetic' },
  { name: 'AMX INT8', flags: ['amx_tile', 'amx_int8'], use: 'int8 matrix tiles' },
  { name: 'AMX BF16', flags: ['amx_tile', 'amx_bf16'], use: 'bfloat16 matrix tiles' },
  { name: 'NEON', flags: ['asimd'], use: '128-bit vectors' },
  { name: 'FP16', flags: ['asimdhp'], use: 'float16 arithmetic' },
  { name: 'DotProd', flags: ['asimddp'], use: 'int8 dot products' },
  { name: 'I8MM', flags: ['i8mm'], use: 'int8 matrix products' },
  { name: 'BF16', flags: ['bf16'], use: 'bfloat16 dot products' },
  { name: 'SVE', flags: ['sve'], use: 'scalable vectors' },
  { name: 'SVE2', flags: ['sve2'], use: 'scalable vectors, integer' },
  { name: 'SME', flags: ['sme'], use: 'matrix tiles' },
];

/** The named sets that `flags` contain, in the order of `INSTRUCTION_SETS`. */
export function instructionSets(flags: readonly string[]): InstructionSet[] {
  const known = new Set(flags);
  return INSTRUCTION_SETS.filter((set) => set.flags.every((flag) => known.has(flag)));
}
