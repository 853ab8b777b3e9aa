// Makes OpenTelemetry spans of what the SDK does: `createClient({ …, onEvent: spansOf(tracer, context.active()) })`.
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

/**
 * A listener for `onEvent`. Each request becomes a client span, each refresh and each wait before a retry a span of its own, all below the
 * span of `parent`. It is given, and not asked for at each event, since calls that begin together share what is active.
 */
export function spansOf(tracer = trace.getTracer('@oakford/aisp'), parent = ROOT_CONTEXT) {
  /** The spans of the requests under way. Every request event is followed by a response event, so none stays. */
  const open = new Map();
  const nameOf = ({ call, attempt }) => `${call}.${attempt}`;

  /** An event of the parent's span; a span of no length where there is none. */
  const moment = (name, attributes, at) => {
    const span = trace.getSpan(parent);
    if (span) span.addEvent(name, attributes, at);
    else tracer.startSpan(name, { startTime: at, attributes }, parent).end(at);
  };

  return (event) => {
    switch (event.type) {
      case 'request':
        open.set(nameOf(event), tracer.startSpan(event.method, requestSpan(event), parent));
        break;
      case 'response': {
        const span = open.get(nameOf(event));
        open.delete(nameOf(event));
        if (event.status !== undefined) span?.setAttribute('http.response.status_code', event.status);
        if (event.requestId) span?.setAttribute('aisp.request_id', event.requestId);
        const error = event.error ?? (event.status >= 400 ? String(event.status) : undefined);
        if (error) span?.setAttribute('error.type', error).setStatus({ code: SpanStatusCode.ERROR });
        span?.end(event.at);
        break;
      }
      case 'retry':
        tracer
          .startSpan('wait before retry', { startTime: event.at, attributes: calls(event) }, parent)
          .end(event.at + event.waitMs);
        break;
      case 'refresh': {
        const span = tracer.startSpan('refresh', { startTime: event.at - event.durationMs }, parent);
        if (event.error)
          span.setAttribute('error.type', event.error).setStatus({ code: SpanStatusCode.ERROR });
        span.end(event.at);
        break;
      }
      default:
        // What has no length: waiting for a turn begins, drift, a part of `psu` that was left out, a consent that ends soon.
        moment(`aisp.${event.type}`, attributesOf(event), event.at);
    }
  };
}

/** By the semantic conventions for HTTP clients. */
function requestSpan(event) {
  const { hostname, port } = new URL(event.url);
  return {
    kind: SpanKind.CLIENT,
    startTime: event.at,
    attributes: {
      'http.request.method': event.method,
      'url.full': event.url,
      'server.address': hostname,
      ...(port ? { 'server.port': Number(port) } : {}),
      ...(event.attempt > 1 ? { 'http.request.resend_count': event.attempt - 1 } : {}),
      ...(event.waitedMs ? { 'aisp.waited_ms': event.waitedMs } : {}),
      ...calls(event),
    },
  };
}

/** By this number the spans of one call of the SDK are found together. */
function calls({ call }) {
  return { 'aisp.call': call };
}

function attributesOf({ type, at, ...rest }) {
  return Object.fromEntries(Object.entries(rest).map(([name, value]) => [`aisp.${name}`, value]));
}
