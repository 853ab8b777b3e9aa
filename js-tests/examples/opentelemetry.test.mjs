// The OpenTelemetry example, with OpenTelemetry's own SDK.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsOn } from '@oakford/aisp-sandbox/testing';
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { spansOf } from '../../examples/opentelemetry/spans.mjs';
import { connect } from '../support/clients.mjs';
import { rejection } from '../support/rejection.mjs';
import { sandboxForFile } from '../support/sandbox.mjs';

/** A tracer whose spans are kept in memory. */
function recorder() {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  return { exporter, tracer: provider.getTracer('test') };
}

test('requests, retries and refreshes become spans with their times, and none stays open', async () => {
  const sandbox = await sandboxForFile();
  const { exporter, tracer } = recorder();
  let begun = 0;
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
  await rejection(session.accounts({ signal: AbortSignal.timeout(100) }));

  const spans = exporter.getFinishedSpans();
  assert.equal(spans.length, begun);
  const api = spans.filter(({ attributes }) => String(attributes['url.full']).endsWith('/accounts'));
  assert.deepEqual(
    api.map(({ attributes }) => [
      attributes['http.response.status_code'],
      attributes['http.request.resend_count'],
      attributes['error.type'],
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

test('two visitors at once have their spans each below their own', async () => {
  const sandbox = await sandboxForFile();
  const { exporter, tracer } = recorder();
  const visitors = await Promise.all(
    ['anna', 'james'].map(async (user) => {
      const span = tracer.startSpan(user);
      const onEvent = spansOf(tracer, trace.setSpan(ROOT_CONTEXT, span));
      return { span, ...(await connect(sandbox, { onEvent }, { user })) };
    }),
  );
  exporter.reset();
  await Promise.all(visitors.map(({ session }) => session.accounts()));
  const parents = exporter.getFinishedSpans().map(({ parentSpanContext }) => parentSpanContext.spanId);
  assert.deepEqual(parents.sort(), visitors.map(({ span }) => span.spanContext().spanId).sort());
});

test('what has no length is an event of the span above, or a span of its own: a wait, a consent that ends soon', async () => {
  const sandbox = await sandboxForFile({ consentDays: 3 });
  const { exporter, tracer } = recorder();
  const above = tracer.startSpan('above');
  const rateLimit = { per10Seconds: 3 };
  for (const parent of [ROOT_CONTEXT, trace.setSpan(ROOT_CONTEXT, above)]) {
    const onEvent = spansOf(tracer, parent);
    const clientId = parent === ROOT_CONTEXT ? 'server' : 'serverPost';
    const { session } = await connect(sandbox, {
      onEvent,
      rateLimit,
      ...credentials(sandbox.clients[clientId]),
    });
    const calls = Array.from({ length: 4 }, () => session.accounts({ deadlineMs: 2_000 }));
    await Promise.allSettled(calls);
  }
  above.end();
  const spans = exporter.getFinishedSpans();
  const eventNames = spans.find(({ name }) => name === 'above').events.map(({ name }) => name);
  for (const name of ['aisp.wait', 'aisp.consent']) {
    assert.ok(eventNames.includes(name), name);
    assert.ok(
      spans.some((span) => span.name === name),
      name,
    );
  }
});

test('no span holds a token, a code, a secret or the number of an account', async () => {
  const sandbox = await sandboxForFile();
  const { exporter, tracer } = recorder();
  const { session, callbackUrl, pending } = await connect(sandbox, { onEvent: spansOf(tracer) });
  const { items } = await session.accounts();
  await session.transactions('acc_anna_savings', { limit: 5 });
  await session.refresh();
  const text = JSON.stringify(
    exporter.getFinishedSpans().map(({ name, attributes, events }) => [name, attributes, events]),
  );
  const secrets = [
    new URL(callbackUrl).searchParams.get('code'),
    pending.state,
    pending.codeVerifier,
    sandbox.clients.server.clientSecret,
    items[0].iban,
  ];
  for (const secret of secrets) assert.ok(secret && !text.includes(secret));
  assert.doesNotMatch(text, /access_token|refresh_token|Bearer|eyJ/);
});

function credentials({ clientId, clientSecret, authMethod }) {
  return { clientId, clientSecret, clientAuth: { method: authMethod } };
}
