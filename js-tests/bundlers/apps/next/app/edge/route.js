import * as sdk from '@oakford/aisp';
import { runSuite } from '../../suite.mjs';

export const runtime = 'edge';

export async function GET(request) {
  await runSuite(sdk, request.nextUrl.searchParams.get('run'));
  return new Response('An edge route');
}
