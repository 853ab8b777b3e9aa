// Loads the chart library in every browser.
import { language } from './language.js';

if (!isLanguage(navigator.language)) {
  // The library writes its own numbers in the browser's language as soon as it is loaded, and some browsers bear a name
  // that is no language tag, such as "C" or "en-US@posix".
  Object.defineProperty(navigator, 'language', { value: language, configurable: true });
}

export const { default: uPlot } = await import('uplot');

function isLanguage(tag) {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return false;
  }
}
