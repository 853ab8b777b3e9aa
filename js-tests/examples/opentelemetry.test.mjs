// The OpenTelemetry example, with OpenTelemetry's own SDK.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsOn } from '@oakford/aisp-sandbox/testing';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { spansOf } from '../../examples/opentelemetry/spans.mjs';
import { connect, errorOf, sandboxForFile } from '../node/support.mjs';

test('requests, retries and refreshes become spans with their times, and none stays open', async () => {
  const sandbox = await sandboxForFile();
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  let begun = 0;
  const tracer = provider.getTracer('test');
  const counting = {
    startSpan(...given) {
      begun++;
      return tracer.startSpan(...given);
    },
  };
  const { session } = await connect(sandbox, { onEvent: spansOf(counting) });
  exporter.reset();
  begun = 0;

  faultsOn(sandbox, '/accounts').answers(503, { headers: { 'retry-after': '0.1' } });
  await session.accounts();
  await session.refresh();
  faultsOn(sandbox, '/accounts').hangs();
  await errorOf(session.accounts({ signal: AbortSignal.timeout(100) }));

  const spans = exporter.getFinishedSpans();
  assert.equal(spans.length, begun);
  const api = spans.filter(({ attributes }) => String(attributes['url.full']).endsWith('/accounts'));
  assert.deepEqual(
    api.map(({ attributes: told }) => [
      told['http.response.status_code'],
      told['http.request.resend_count'],
      told['error.type'],
    ]),
    [
      [503, undefined, '503'],
      [200, 1, undefined],
      [undefined, undefined, 'aborted'],
    ],
  );
  assert.equal(api[0].attributes['aisp.call'], api[1].attributes['aisp.call']);
  const names = spans.map(({ name }) => name);
  assert.ok(names.includes('wait before retry') && names.includes('refresh') && names.includes('POST'));
  const ms = ([seconds, nanoseconds]) => seconds * 1000 + nanoseconds / 1e6;
  for (const { startTime, endTime } of spans) assert.ok(ms(endTime) >= ms(startTime));
});
