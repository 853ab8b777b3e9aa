'use client';

import * as sdk from '@oakford/aisp';
import { useEffect } from 'react';
import { runSuite } from '../../suite.mjs';

export default function Page() {
  useEffect(() => {
    runSuite(sdk, new URLSearchParams(location.search).get('run'));
  }, []);
  return <p>A client component</p>;
}
