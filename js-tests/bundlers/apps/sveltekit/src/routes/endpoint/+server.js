import * as sdk from '@oakford/aisp';
import { runSuite } from '../../../suite.mjs';

export async function GET({ url }) {
  await runSuite(sdk, url.searchParams.get('run'));
  return new Response('An endpoint');
}
