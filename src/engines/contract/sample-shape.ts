/** What every sample of every engine must satisfy, whatever was asked. */
import { type Sample, tokenEvents } from '../../protocol/sample.ts';

/** The problems of a sample that was asked for with prompts of `inputTokens` tokens. */
export function sampleProblems(sample: Sample, inputTokens: readonly number[]): string[] {
  const problems: string[] = [];
  const check = (holds: boolean, what: string): void => {
    if (!holds) problems.push(what);
  };
  const { call, steps_ns } = sample;
  check(sample.sequences.length === inputTokens.length, 'one sequence per prompt');
  check(
    steps_ns.every((stamp, i) => i === 0 || stamp > (steps_ns[i - 1] ?? 0)),
    'stamps ascend',
  );
  check((steps_ns[0] ?? Infinity) > call.start_ns, 'the first stamp comes after the start of the call');
  check((steps_ns.at(-1) ?? 0) <= call.end_ns, 'the last stamp comes before the end of the call');
  for (const [index, sequence] of sample.sequences.entries()) {
    const events = [...tokenEvents(sample, sequence)];
    const first = events[0];
    const last = events.at(-1);
    const tokens = events.reduce((sum, event) => sum + event.tokens, 0);
    const named = (holds: boolean, what: string): void => check(holds, `sequence ${index}: ${what}`);
    named(sequence.inputTokens === inputTokens[index], 'it reports the length of its prompt');
    named(
      tokens === sequence.tokens.length,
      `${tokens} tokens have stamps, ${sequence.tokens.length} ids came`,
    );
    named(call.start_ns <= sequence.queued_ns, 'it is queued within the call');
    named(sequence.queued_ns <= sequence.sent_ns, 'it is queued before it is sent');
    named(first !== undefined && sequence.sent_ns < first.ns, 'it is sent before its first token');
    named(last !== undefined && last.ns <= sequence.end_ns, 'it ends with its last token or after it');
    named(sequence.end_ns <= call.end_ns, 'it ends within the call');
  }
  return problems;
}
