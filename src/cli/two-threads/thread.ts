/** Entry of a helper thread. */
import { realFiles } from '../../host/files.ts';
import { serveHelper } from '../../host/helper-thread.ts';
import { type Answer, answerQuestion, type Question } from './questions.ts';

const files = realFiles();
serveHelper((question: Question): Answer => answerQuestion(files, question));
