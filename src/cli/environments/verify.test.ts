import { describe, expect, it } from 'vitest';
import { sayEnglish, sayIn } from '../../kernel/language.ts';
import { verificationText } from './verify.ts';

const verification = {
  passed: 17,
  skipped: 3,
  problems: [
    {
      en: 'repeats give the same tokens: sequence 0 is [1], expected [2]',
      ja: '反復が同じトークンを出す: sequence 0 is [1], expected [2]',
    },
  ],
  notes: [{ en: 'w8: 3 of 4 equal', ja: 'w8: 4 系列中 3 系列が等しい' }],
};

describe('verificationText', () => {
  it('says in either language whether an engine conforms, and what it breaks', () => {
    expect(verificationText('sim', verification, sayEnglish)).toBe(
      [
        'sim does not conform: 1 problems (17 cases passed, 3 do not apply or are named exceptions)',
        '  repeats give the same tokens: sequence 0 is [1], expected [2]',
        '  note: w8: 3 of 4 equal',
      ].join('\n'),
    );
    expect(verificationText('sim', verification, sayIn('ja'))).toBe(
      [
        'sim は適合しません: 問題 1 件（17 項目が合格、3 項目は対象外または名を挙げた例外）',
        '  反復が同じトークンを出す: sequence 0 is [1], expected [2]',
        '  注: w8: 4 系列中 3 系列が等しい',
      ].join('\n'),
    );
  });
});
