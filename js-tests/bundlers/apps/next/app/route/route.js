import * as sdk from '@oakford/aisp';
import { runSuite } from '../../suite.mjs';

export async function GET(request) {
  await runSuite(sdk, request.nextUrl.searchParams.get('run'));
  return new Response('A route handler');
}
