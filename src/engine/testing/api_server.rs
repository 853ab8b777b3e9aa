//! The API of a bank: accounts, transactions in pages, and a limit that it counts by itself.

use super::clock::Instant;
use super::message::{Request, Response};
use super::random::Random;

/// Its base URL.
pub const BASE: &str = "https://api.bank.example/v1";

/// What an API does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Habits {
    /// The most requests in any minute and in any ten seconds.
    pub limits: Option<(usize, usize)>,
    /// How many rows a page has.
    pub page: usize,
    /// How many of a thousand requests are answered 429.
    pub refusals: u64,
    /// How many of a thousand requests are answered 503.
    pub outages: u64,
}

/// A transaction, or what a caller knows of it: its id, its amount and its booking date. Equal rows without an id are common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// `transaction_id`
    pub id: Option<String>,
    /// The digits of `transaction_amount`.
    pub amount: String,
    /// `booking_date`
    pub date: String,
}

/// The server.
#[derive(Debug)]
pub struct ApiServer {
    habits: Habits,
    /// The transactions of the one account.
    pub rows: Vec<Row>,
    /// When requests arrived.
    pub arrivals: Vec<Instant>,
    /// By how much its own limit was exceeded most.
    pub excess: usize,
}

impl ApiServer {
    /// Returns a server without rows.
    pub fn new(habits: Habits) -> Self {
        Self { habits, rows: Vec::new(), arrivals: Vec::new(), excess: 0 }
    }

    /// Adds rows, the newest first, of a day in February 2026. Many of them are equal and have no id.
    pub fn add_rows(&mut self, random: &mut Random, count: usize, day: u64) {
        let has_ids = random.permille(500);
        for _ in 0..count {
            let id = (has_ids || random.permille(300)).then(|| format!("t{:x}", random.next() >> 20));
            let amount = format!("-{}.00", random.between((1, 3)));
            self.rows.insert(0, Row { id, amount, date: format!("2026-02-{day:02}") });
        }
    }

    /// Answers a request. `valid`: whether its access token is. `calm`: it refuses nothing without a reason any more.
    pub fn handle(
        &mut self,
        request: &Request,
        valid: bool,
        now: Instant,
        random: &mut Random,
        calm: bool,
    ) -> Response {
        self.arrivals.push(now);
        if let Some((per_minute, per_10_seconds)) = self.habits.limits {
            for (limit, ms) in [(per_minute, 60_000), (per_10_seconds, 10_000)] {
                let from = self.arrivals.partition_point(|at| at + ms <= now);
                let counted = self.arrivals.len() - from;
                if counted > limit {
                    self.excess = self.excess.max(counted - limit);
                    return refusal(429, "rate_limit_exceeded").with("retry-after", "7");
                }
            }
        }
        if !calm && random.permille(self.habits.refusals) {
            let seconds = random.between((1, 20)).to_string();
            return refusal(429, "rate_limit_exceeded").with("retry-after", &seconds);
        }
        if !calm && random.permille(self.habits.outages) {
            let response = refusal(503, "provider_unavailable");
            let seconds = random.between((1, 5)).to_string();
            return if random.permille(500) { response.with("retry-after", &seconds) } else { response };
        }
        if !valid {
            let mut echo = refusal(401, "invalid_token");
            let token = request.header("authorization").unwrap_or_default();
            echo.body = echo.body.replace("refused", token);
            return echo.with("www-authenticate", r#"Bearer error="invalid_token""#);
        }
        let path = request.url.strip_prefix(BASE).unwrap_or_default();
        match path.split('?').next().unwrap_or_default() {
            "/accounts" => Response::json(
                200,
                r#"{"accounts":[{"account_id":"a","currency":"EUR","account_type":"current"}]}"#,
            ),
            "/accounts/a/balances" => Response::json(
                200,
                r#"{"account_id":"a","balances":[{"balance_type":"expected","balance_amount":{"amount":"1.00","currency":"EUR"}}]}"#,
            ),
            "/accounts/a/transactions" => self.transactions(request),
            _ => refusal(404, "not_found"),
        }
    }

    fn transactions(&self, request: &Request) -> Response {
        let since = request.query("date_from").unwrap_or_default();
        let listed: Vec<&Row> = self.rows.iter().filter(|row| row.date >= since).collect();
        let begin =
            request.query("cursor").map_or(0, |cursor| cursor.trim_start_matches('c').parse().unwrap());
        let end = (begin + self.habits.page).min(listed.len());
        let rows: Vec<String> = listed[begin..end].iter().map(|row| row.to_json()).collect();
        let next = if end < listed.len() { format!(r#""c{end}""#) } else { "null".into() };
        Response::json(
            200,
            &format!(r#"{{"account_id":"a","transactions":[{}],"next_cursor":{next}}}"#, rows.join(",")),
        )
    }
}

impl Row {
    fn to_json(&self) -> String {
        let id = self.id.as_ref().map(|id| format!(r#""transaction_id":"{id}","#)).unwrap_or_default();
        let Self { amount, date, .. } = self;
        format!(
            r#"{{{id}"status":"booked","transaction_amount":{{"amount":"{amount}","currency":"EUR"}},"booking_date":"{date}"}}"#
        )
    }
}

fn refusal(status: u16, error: &str) -> Response {
    Response::json(status, &format!(r#"{{"error":"{error}","error_description":"refused"}}"#))
}
