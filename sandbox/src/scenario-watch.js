// Loads a scenario file anew whenever it changes on disk.
import { unwatchFile, watchFile } from 'node:fs';
import { ScenarioError } from './scenario-file.js';

const EVERY_MS = 250;

/**
 * @param {string} path
 * @param {import('../types/testing.d.ts').Scenarios} scenarios
 * @param {{ loaded: () => void, refused: (problem: string) => void }} tell
 * @returns {() => void} ends it
 */
export function watchScenario(path, scenarios, tell) {
  const reload = () => {
    try {
      scenarios.load(path);
      tell.loaded();
    } catch (problem) {
      if (!(problem instanceof ScenarioError)) throw problem;
      tell.refused(problem.message);
    }
  };
  // By looking at it: the system's own watchers lose a file that an editor replaces.
  watchFile(path, { interval: EVERY_MS }, (now, before) => {
    if (now.mtimeMs !== before.mtimeMs || now.size !== before.size) reload();
  });
  return () => unwatchFile(path);
}
