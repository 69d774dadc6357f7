import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { vitestPreset } from '../../tooling/build/vitest.ts'

/** The corpus takes longest, and longer than half of the rest: begun last, as the small file that it is, it ran alone. */
class CorpusFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isCorpus = ({ moduleId }: TestSpecification) => moduleId.endsWith('/oracle/corpus.test.ts')
    return [...sorted.filter(isCorpus), ...sorted.filter((file) => !isCorpus(file))]
  }
}

export default {
  ...vitestPreset,
  test: {
    ...vitestPreset.test,
    globalSetup: ['test/packed-cli.ts', 'test/corpus/healthy-cache.ts'],
    sequence: { sequencer: CorpusFirst },
  },
}
