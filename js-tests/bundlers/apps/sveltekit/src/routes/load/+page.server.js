import * as sdk from '@oakford/aisp';
import { runSuite } from '../../../suite.mjs';

export async function load({ url }) {
  await runSuite(sdk, url.searchParams.get('run'));
}
