/** Does the cell write what fp32 writes: from the gate's records to what the reports print. */
import { type Cell, launchIdentity } from '../axes/cell.ts';
import { otherWork } from '../engines/other-work.ts';
import { type AgreementRecord, nearTies } from '../journal/equal-outputs.ts';
import type { JournalState } from '../journal/state.ts';
import { contentHash } from '../kernel/canonical.ts';
import type { Words } from '../kernel/language.ts';
import { precisionKind } from '../models/precision.ts';
import type { Agreement } from './model.ts';
import { counted, formatNumber, formatShare } from './numbers.ts';

export interface AgreementIndex {
  /** `synthetic`: the model's weights are. */
  of(cell: Cell, cellKey: string, synthetic: boolean): Agreement;
}

/**
 * Lossless precisions must write the reference's tokens up to near ties: the worst launch counts. Lossy ones are scored teacher-forced;
 * a score belongs to the loaded model, so cells that share their launches share it.
 */
export function agreementIndex(
  state: JournalState,
  cells: readonly { readonly cell: Cell; readonly cellKey: string }[],
): AgreementIndex {
  const identities = new Map(cells.map(({ cell, cellKey }) => [cellKey, contentHash(launchIdentity(cell))]));
  const equalByCell = new Map<string, AgreementRecord[]>();
  const scoreByIdentity = new Map<string, AgreementRecord>();
  for (const record of state.agreements) {
    if (record.method === 'equal-tokens') {
      equalByCell.set(record.cellKey, [...(equalByCell.get(record.cellKey) ?? []), record]);
    } else {
      scoreByIdentity.set(identities.get(record.cellKey) ?? record.cellKey, record);
    }
  }
  return {
    of: (cell, cellKey, synthetic) => {
      const work = otherWork(cell);
      if (work !== undefined) return { kind: 'not-checked', reason: work };
      if (precisionKind(cell.precision).lossless) {
        return cell.temperature === undefined
          ? equalTokens(equalByCell.get(cellKey) ?? [])
          : { kind: 'not-checked', reason: DRAWN };
      }
      const scored = scoreByIdentity.get(identities.get(cellKey) ?? cellKey);
      if (scored === undefined) return { kind: 'not-checked', reason: whyNotScored(cell) };
      const { equalPositions, positions, meanKlDivergence } = scored.score;
      return {
        kind: 'teacher-forced',
        share: equalPositions / positions,
        positions,
        meanKlDivergence,
        synthetic,
      };
    },
  };
}

const DRAWN: Words = {
  en: 'its tokens are drawn, not the most likely ones',
  ja: 'トークンは抽選によるもので、最も確率の高いものではありません',
};
const NOT_COMPARED: Words = { en: 'its tokens were not compared', ja: 'トークンを比べていません' };

const whyNotScored = ({ precision }: Cell): Words =>
  precision === 'file'
    ? {
        en: 'a model file has no fp32 reference to compare with',
        ja: 'モデルファイルには比べる fp32 の参照がありません',
      }
    : {
        en: 'the engine gives no logits, or was not asked',
        ja: 'エンジンがロジットを返さないか、求めていません',
      };

function equalTokens(records: readonly AgreementRecord[]): Agreement {
  const checks = records.map((record) => ({
    equal: record.score.equalPositions,
    positions: record.score.positions,
    nearTies: nearTies(record),
  }));
  const [first, ...rest] = checks;
  if (first === undefined) return { kind: 'not-checked', reason: NOT_COMPARED };
  type Check = typeof first;
  const isWorse = (one: Check, other: Check): boolean =>
    isPassed(one) === isPassed(other)
      ? one.equal / one.positions < other.equal / other.positions
      : isPassed(other);
  return { kind: 'equal-tokens', ...rest.reduce((worst, one) => (isWorse(one, worst) ? one : worst), first) };
}

const isPassed = ({ nearTies: ties }: { readonly nearTies: number | undefined }): boolean =>
  ties !== undefined;

/** Whether the agreement disproves that outputs equal fp32's. */
export const isDifferent = (agreement: Agreement): boolean =>
  agreement.kind === 'equal-tokens' && !isPassed(agreement);

/** The agreement in a few words, for a table. */
export function agreementText(agreement: Agreement): Words {
  switch (agreement.kind) {
    case 'equal-tokens': {
      const { equal, positions, nearTies: ties } = agreement;
      if (ties !== undefined && ties > 0)
        return {
          en: `equal up to near ties (${formatNumber(equal, 0)} of ${counted(positions, 'token')}; ${counted(ties, 'sequence')} parted)`,
          ja: `ほぼ同点を除き一致（${formatNumber(positions, 0)} トークン中 ${formatNumber(equal, 0)}、${ties} 系列が分岐）`,
        };
      return ties === 0
        ? {
            en: `equal (${counted(positions, 'token')})`,
            ja: `一致（${formatNumber(positions, 0)} トークン）`,
          }
        : {
            en: `DIFFERENT (${formatNumber(equal, 0)} of ${counted(positions, 'token')})`,
            ja: `不一致（${formatNumber(positions, 0)} トークン中 ${formatNumber(equal, 0)}）`,
          };
    }
    case 'teacher-forced': {
      if (agreement.synthetic) return { en: 'needs real weights', ja: '本物の重みが必要' };
      const divergence = agreement.meanKlDivergence?.toPrecision(2);
      const share = formatShare(agreement.share);
      return {
        en: `${share} argmax${divergence === undefined ? '' : `, KL ${divergence} nats`}`,
        ja: `argmax ${share}${divergence === undefined ? '' : `、KL ${divergence} nats`}`,
      };
    }
    case 'not-checked':
      return { en: 'not checked', ja: '未確認' };
  }
}
