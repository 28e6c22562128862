/** What people read for the stages of a load; in English, and for stages of no list, the name in the data. */
import { same, type Words } from '../kernel/language.ts';

const STAGES_JA: Readonly<Record<string, string>> = {
  'build-graph': 'グラフの構築',
  census: 'データ型の確認',
  compile: 'コンパイル',
  convert: '変換',
  'create-context': 'コンテキストの作成',
  'create-engine': 'エンジンの作成',
  'create-session': 'セッションの作成',
  'huge-pages': 'ヒュージページ',
  import: 'ライブラリの読み込み',
  'link-weights': '重みの結び付け',
  'load-model': 'モデルの読み込み',
  'make-encoder': 'エンコーダーの作成',
  open: 'ファイルを開く',
  'open-checkpoint': 'チェックポイントを開く',
  quantise: '量子化',
  'start-ranks': 'ランクの起動',
  transform: '変形',
  'write-graph': 'グラフの書き出し',
};

export const stageWords = (name: string): Words => {
  const ja = STAGES_JA[name];
  return ja === undefined ? same(name) : { en: name, ja };
};
