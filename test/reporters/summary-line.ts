/** Prints the closing line `N passed, N failed` (skipped tests are listed above it with their reason). */
import type { Reporter, TestModule } from 'vitest/node';

const reporter: Reporter = {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandledErrors.length;
    for (const module of modules) {
      if (module.state() === 'failed' && [...module.children.allTests()].every((test) => test.ok()))
        failed += 1;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') passed += 1;
        else if (result.state === 'failed') failed += 1;
        else
          process.stdout.write(
            `skipped: ${test.fullName}${result.state === 'skipped' && result.note ? ` (${result.note})` : ''}\n`,
          );
      }
    }
    process.on('exit', () => process.stdout.write(`${passed} passed, ${failed} failed\n`));
  },
};

export default reporter;
