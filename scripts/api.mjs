// Keeps the reports of the public interface in etc/, which `npm run renew:api` renews.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { build } from './build.mjs';
import { Failure, main, root } from './step.mjs';

/** The package's entries with types. */
export const entries = Object.entries(
  JSON.parse(readFileSync(join(root, 'pkg-template', 'package.json'), 'utf8')).exports,
)
  .filter(([, target]) => target.import?.types)
  .map(([name, target]) => ({ name: name === '.' ? 'index' : name.slice(2), types: target.import.types }));

/** Writes the entry's report, or with `check` compares it; gives what is wrong, in words. */
export function report({ name, types }, { check = false } = {}) {
  const problems = [];
  const extractorConfig = ExtractorConfig.prepare({
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: join(root, 'pkg', types),
      compiler: { tsconfigFilePath: join(root, 'tsconfig.json') },
      newlineKind: 'lf',
      enumMemberOrder: 'preserve',
      apiReport: {
        enabled: true,
        reportFileName: name,
        reportFolder: join(root, 'etc'),
        reportTempFolder: join(root, 'target', 'api'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: 'error' } },
        // Every name that stands in a public type is exported, or the user can't name it.
        extractorMessageReporting: {
          default: { logLevel: 'none' },
          'ae-forgotten-export': { logLevel: 'error' },
        },
        // TypeDoc checks the comments.
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(root, 'pkg', 'package.json'),
  });
  const { apiReportChanged } = Extractor.invoke(extractorConfig, {
    localBuild: !check,
    messageCallback(message) {
      message.handled = true;
      if (message.logLevel === ExtractorLogLevel.Error) problems.push(message.text);
    },
  });
  if (check && apiReportChanged) {
    problems.push(
      `The public interface differs from etc/${name}.api.md: if that is meant, run 'npm run renew:api' and commit.`,
    );
  }
  return problems;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  main(async () => {
    await build();
    const problems = entries.flatMap((entry) => report(entry));
    if (problems.length > 0) throw new Failure(problems.join('\n'));
    console.log('The reports are in etc/.');
  });
}
