import * as sdk from '@oakford/aisp';
import { runSuite } from '../suite.mjs';

export default async function Page({ searchParams }) {
  const { run } = await searchParams;
  if (run) await runSuite(sdk, run);
  return <p>A server component</p>;
}
