//! The exchanges of a [`VirtualHost`]: through the network to a server, and back.

use super::api_server;
use super::authorization_server::{Done, ISSUER};
use super::host::{Due, Exchange, VirtualHost};
use super::message::{Request, Response};
use super::network::Fate;
use super::process::Arrival;
use super::properties::{Ending, Property, Use};
use crate::engine::effect::Id;
use crate::engine::event::Event;
use crate::error::Cause;
use crate::http::delivery::Phase;

impl VirtualHost {
    /// Sends a request.
    pub fn send(&mut self, number: u64, process: (usize, u32), id: Id, request: Request) {
        self.note_request(process, &request);
        let calm = self.is_calm();
        let now = self.clock.now();
        let for_tokens = request.url.starts_with(ISSUER);
        let mut fate = self.scenario.network.fate(&mut self.random, calm);
        let mut ways = self.scenario.network.ways(&mut self.random, for_tokens, calm);
        if let Some(script) = &mut self.scripted_network
            && let Some((scripted, times)) = script(&request, now)
        {
            (fate, ways) = (scripted, times);
        }
        if let Some(token) = request.refresh_token() {
            let mut entries = self.store.values();
            let is_repetition =
                entries.any(|value| value.contains(&token) && value.contains("\"unanswered\""));
            if is_repetition && self.scenario.crashes > 0 && !calm && self.random.permille(600) {
                let ms = self.random.between((1, 600));
                self.clock.after(ms, Due::Crash(process.0));
            }
            self.watch.uses.push(Use {
                exchange: number,
                process,
                token,
                is_repetition,
                sent_at: now,
                ended: None,
            });
        }
        self.sent.push((now, request.clone()));
        self.print(|| format!("x{number} will be {fate:?} {ways:?}"));
        let exchange =
            Exchange { process, id, request, fate, ways, brings: None, retry_after: None, rest: None };
        self.exchanges.insert(number, exchange);
        self.clock.after(ways.there, Due::Request(number));
    }

    /// The engine gave an exchange up: what has not arrived never will.
    pub fn abort(&mut self, process: (usize, u32), id: Id) {
        let number = self.exchanges.iter().find(|(_, x)| x.process == process && x.id == id);
        let Some(number) = number.map(|(number, _)| *number) else {
            return self.watch.violate(Property::NothingIsLeft, "an exchange that ended is aborted".into());
        };
        self.exchanges.remove(&number);
        self.watch.end_use(number, self.clock.now(), Ending::Unknown);
    }

    /// The request of an exchange arrives, or fails to.
    pub fn request_arrives(&mut self, number: u64) {
        let Some(exchange) = self.exchanges.get(&number) else { return };
        // What was sent arrives, even if its process ended since.
        let (process, life) = exchange.process;
        let fate = exchange.fate;
        let back = exchange.ways.back;
        let (event, arrives) = match fate {
            Fate::Refused => (Some(failure(exchange, Phase::Request, "ECONNREFUSED")), false),
            Fate::Offline => (Some(failure(exchange, Phase::Offline, "")), false),
            Fate::ResetBefore => (Some(failure(exchange, Phase::Request, "ECONNRESET")), false),
            Fate::ResetAfter => (Some(failure(exchange, Phase::Request, "ECONNRESET")), true),
            Fate::Lost => (None, false),
            Fate::Silent => (None, true),
            Fate::Gateway(_) => (None, false),
            Fate::GatewayAfter(_) | Fate::Page | Fate::Cut | Fate::Answered => (None, true),
        };
        let request = exchange.request.clone();
        let response = if arrives { Some(self.serve(number, &request)) } else { None };
        let response = match fate {
            Fate::Gateway(status) | Fate::GatewayAfter(status) => Some(page(status)),
            Fate::Page => Some(page(200)),
            Fate::Cut | Fate::Answered => response,
            _ => None,
        };
        let Some(exchange) = self.exchanges.get_mut(&number) else { return };
        if !matches!(fate, Fate::Cut | Fate::Answered) {
            (exchange.brings, exchange.retry_after) = (None, None);
        }
        if let Some(Response { status, headers, body }) = response {
            exchange.rest = Some(match fate {
                Fate::Cut => failure(exchange, Phase::Body, "UND_ERR_SOCKET"),
                _ => Event::Body { id: exchange.id, bytes: body.into_bytes() },
            });
            if fate == Fate::Cut {
                exchange.brings = None;
            }
            let event = Event::Head { id: exchange.id, status, headers };
            self.clock.after(back, Due::Arrival(process, life, Arrival::Event(event)));
        } else if let Some(event) = event {
            self.clock.after(back, Due::Arrival(process, life, Arrival::Event(event)));
        }
    }

    fn serve(&mut self, number: u64, request: &Request) -> Response {
        let now = self.clock.now();
        if request.url.starts_with(ISSUER) {
            let (response, done) = self.authorization_server.handle(request, now);
            self.print(|| format!("x{number} at the authorization server: {done:?} {response:?}"));
            match done {
                Done::Nothing => {}
                Done::Issued(set) => {
                    if let Some(exchange) = self.exchanges.get_mut(&number) {
                        exchange.brings = Some(set);
                    }
                }
                Done::Reuse(set) => self.note_reuse(set),
                Done::Wrong(what) => self.watch.violate(Property::NoSecretShows, what.into()),
            }
            return response;
        }
        let authorization = request.header("authorization").unwrap_or_default();
        let access = authorization.strip_prefix("Bearer ").unwrap_or_default();
        let valid = self.authorization_server.is_valid(access, now);
        if self.authorization_server.is_over(access, now) {
            let refused = (request.header("x-request-id").unwrap_or_default().into(), access.into());
            if !self.watch.refused.contains(&refused) {
                self.watch.refused.push(refused);
            }
        }
        let calm = self.is_calm();
        let response = self.api.handle(request, valid, now, &mut self.random, calm);
        self.print(|| format!("x{number} at the API: {}", response.status));
        let seconds =
            crate::http::header(&response.headers, "retry-after").and_then(|text| text.parse::<f64>().ok());
        if let Some(exchange) = self.exchanges.get_mut(&number) {
            exchange.retry_after = seconds.map(|seconds| (seconds * 1000.0, response.status == 429));
        }
        if self.api.excess > 0 {
            self.note_excess();
        }
        response
    }

    /// Notes what arrives for an exchange, and schedules what follows.
    pub fn note_exchange(&mut self, process: usize, life: u32, event: &Event) {
        let (Event::Head { id, .. } | Event::Body { id, .. } | Event::Failed { id, .. }) = event else {
            return;
        };
        let now = self.clock.now();
        let found = self.exchanges.iter_mut().find(|(_, x)| x.process == (process, life) && x.id == *id);
        let Some((number, exchange)) = found else { return };
        let number = *number;
        match event {
            Event::Head { .. } => {
                if let Some((wait, refused)) = exchange.retry_after {
                    let until = now as f64 + wait;
                    if let Some(id) = exchange.request.header("x-request-id") {
                        self.watch.retries.push((id.into(), until));
                    }
                    if refused && self.scenario.client_options.contains("rateLimit") {
                        self.watch.paused.push((process, life, until));
                    }
                }
                let rest = exchange.rest.take();
                let ms = exchange.ways.body;
                if let Some(rest) = rest {
                    self.clock.after(ms, Due::Arrival(process, life, Arrival::Event(rest)));
                }
            }
            Event::Body { .. } => {
                let (brings, fate) = (exchange.brings, exchange.fate);
                let ending = match fate {
                    Fate::Gateway(500..) | Fate::GatewayAfter(_) | Fate::Page => Ending::Unknown,
                    _ if brings.is_some() => Ending::Tokens,
                    _ => Ending::Refused,
                };
                self.watch.end_use(number, now, ending);
                if let Some(set) = brings {
                    self.watch.reached.push((set, process, life, now));
                }
                self.exchanges.remove(&number);
            }
            _ => {
                let not_sent = matches!(exchange.fate, Fate::Refused | Fate::Offline);
                let ending = if not_sent { Ending::NotSent } else { Ending::Unknown };
                self.watch.end_use(number, now, ending);
                self.exchanges.remove(&number);
            }
        }
    }

    /// Checks a request before it is sent.
    fn note_request(&mut self, process: (usize, u32), request: &Request) {
        let now = self.clock.now();
        let to_api = request.url.starts_with(api_server::BASE);
        self.check_secrets_of_request(request, to_api);
        if to_api {
            self.check_stored(process.0, request);
            let id = request.header("x-request-id").unwrap_or_default();
            let repeated = self.watch.retries.iter().filter(|(other, _)| other == id);
            let until = repeated.map(|(_, until)| *until).fold(0.0, f64::max);
            let until = until.max(self.watch.paused_until(process.0, process.1));
            if (now as f64) < until {
                let what = format!("{} is sent at {now} ms, and not before {until} ms", request.url);
                self.watch.violate(Property::RetryAfterIsKept, what);
            }
        } else if let Some(token) = request.refresh_token() {
            self.check_refresh(process, &token);
        }
    }
}

/// A failure whose texts show what was sent, as some platforms do.
fn failure(exchange: &Exchange, phase: Phase, code: &str) -> Event {
    let headers = exchange.request.header("authorization").unwrap_or_default();
    let message = format!("{code} {headers} {}", exchange.request.body);
    let cause = Cause {
        name: "Error".into(),
        message,
        code: Some(code.into()).filter(|code: &String| !code.is_empty()),
    };
    Event::Failed { id: exchange.id, phase, causes: vec![cause] }
}

fn page(status: u16) -> Response {
    Response { status, headers: "content-type:text/html\n".into(), body: "<h1>Gateway</h1>".into() }
}
