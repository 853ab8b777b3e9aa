//! The endpoints of the API as requests (`openapi.yaml`).

use super::decode::Message;
use super::{Environment, PagedQuery};
use crate::digits;
use crate::error::{Error, Result};
use crate::http::{self, Form, path_segment};
use crate::json::{FieldError, Fields};
use crate::options;
use crate::time;

/// An endpoint that a session reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoint {
    /// `GET /accounts`
    Accounts,
    /// `GET /accounts/{id}`
    Account,
    /// `GET /accounts/{id}/balances`
    Balances,
    /// `GET /accounts/{id}/transactions`
    Transactions,
}

/// What is asked of an endpoint.
pub enum Request {
    /// One response that has all of it.
    Whole(http::Request),
    /// A list that comes in pages.
    Page(PagedQuery),
}

impl Endpoint {
    /// Returns the endpoint of that name in the public interface.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "accounts" => Some(Self::Accounts),
            "account" => Some(Self::Account),
            "balances" => Some(Self::Balances),
            "transactions" => Some(Self::Transactions),
            _ => None,
        }
    }

    /// Returns what its body is read as.
    pub fn message(self) -> Message {
        match self {
            Self::Accounts => Message::AccountList,
            Self::Account => Message::Account,
            Self::Balances => Message::Balances,
            Self::Transactions => Message::TransactionList,
        }
    }

    /// Returns the request for the object of that id; `options` are JSON.
    pub fn request(self, environment: &Environment, id: &str, options: &str) -> Result<Request> {
        match self {
            Self::Accounts => options::with_fields(options, accounts).map(Request::Page),
            Self::Account => account(environment, id).map(Request::Whole),
            Self::Balances => balances(environment, id).map(Request::Whole),
            Self::Transactions => {
                options::with_fields(options, |fields| transactions(id, fields)).map(Request::Page)
            }
        }
    }
}

/// `GET /accounts`
pub fn accounts(options: Fields<'_>) -> Result<PagedQuery> {
    let query = accounts_query(options).map_err(Error::option)?;
    PagedQuery::new("/accounts".into(), query, options)
}

/// `GET /accounts/{id}`
pub fn account(environment: &Environment, account_id: &str) -> Result<http::Request> {
    Ok(http::Request::get(environment.base.join(&account_path(account_id, "")?)))
}

/// `GET /accounts/{id}/balances`
pub fn balances(environment: &Environment, account_id: &str) -> Result<http::Request> {
    Ok(http::Request::get(environment.base.join(&account_path(account_id, "/balances")?)))
}

/// `GET /accounts/{id}/transactions`
pub fn transactions(account_id: &str, options: Fields<'_>) -> Result<PagedQuery> {
    let path = account_path(account_id, "/transactions")?;
    let query = transactions_query(options).map_err(Error::option)?;
    PagedQuery::new(path, query, options)
}

fn account_path(account_id: &str, rest: &str) -> Result<String> {
    match path_segment(account_id) {
        Some(segment) => Ok(["/accounts/", &segment, rest].concat()),
        None => {
            Err(Error::option(FieldError::new("accountId", "an account's id", "an empty string or dots")))
        }
    }
}

fn accounts_query(options: Fields<'_>) -> core::result::Result<String, FieldError> {
    options.only(&["limit", "withBalances", "checkpoint", "maxPages"])?;
    let mut query = Form::new();
    query.maybe("limit", limit(options)?.as_deref());
    if let Some(with_balances) = options.flag("withBalances")? {
        query.push("with_balances", if with_balances { "true" } else { "false" });
    }
    Ok(query.text().into())
}

fn transactions_query(options: Fields<'_>) -> core::result::Result<String, FieldError> {
    options.only(&["dateFrom", "dateTo", "status", "limit", "checkpoint", "maxPages"])?;
    let (from, to) = (date(options, "dateFrom")?, date(options, "dateTo")?);
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        return Err(FieldError::new(options.path("dateTo"), "a date not before dateFrom", "an earlier date"));
    }
    let status = options.text("status")?;
    if status.is_some_and(|status| !matches!(status, "booked" | "pending" | "all")) {
        return Err(FieldError::new(
            options.path("status"),
            "'booked', 'pending' or 'all'",
            "another string",
        ));
    }
    let mut query = Form::new();
    query.maybe("date_from", from).maybe("date_to", to).maybe("status", status);
    query.maybe("limit", limit(options)?.as_deref());
    Ok(query.text().into())
}

fn date<'a>(options: Fields<'a>, name: &str) -> core::result::Result<Option<&'a str>, FieldError> {
    const EXPECTED: &str = "a calendar date as YYYY-MM-DD";
    match options.text(name) {
        Ok(Some(text)) if time::date_parts(text.as_bytes()).is_none() => {
            Err(FieldError::new(options.path(name), EXPECTED, "another string"))
        }
        Ok(date) => Ok(date),
        Err(_) => Err(options.field_error(name, EXPECTED)),
    }
}

fn limit(options: Fields<'_>) -> core::result::Result<Option<String>, FieldError> {
    const EXPECTED: &str = "an integer from 1 to 500";
    match options.count("limit") {
        Ok(Some(limit)) if (1..=500).contains(&limit) => Ok(Some(digits::write(limit))),
        Ok(None) => Ok(None),
        Ok(Some(limit)) => Err(FieldError::new(options.path("limit"), EXPECTED, &digits::write(limit))),
        Err(field_error) => Err(FieldError::new(options.path("limit"), EXPECTED, &field_error.found)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    fn query(json: &str) -> core::result::Result<String, String> {
        let value = parse(json.as_bytes()).unwrap();
        transactions_query(Fields::of("", &value).unwrap()).map_err(|field_error| field_error.message())
    }

    #[test]
    fn a_query_is_sent_in_the_wires_words() {
        let sent = query(r#"{"dateFrom":"2024-01-01","dateTo":"2024-01-31","status":"booked","limit":500}"#)
            .unwrap();
        assert_eq!(sent, "date_from=2024-01-01&date_to=2024-01-31&status=booked&limit=500");
        assert_eq!(query("{}").unwrap(), "");
    }

    #[test]
    fn a_wrong_query_is_refused_by_name() {
        for (json, message) in [
            (
                r#"{"dateFrom":"2024-02-30"}"#,
                "dateFrom: expected a calendar date as YYYY-MM-DD, found another string",
            ),
            (
                r#"{"dateFrom":"2024-1-1"}"#,
                "dateFrom: expected a calendar date as YYYY-MM-DD, found another string",
            ),
            (r#"{"dateTo":20240101}"#, "dateTo: expected a calendar date as YYYY-MM-DD, found a number"),
            (
                r#"{"dateFrom":"2024-02-02","dateTo":"2024-02-01"}"#,
                "dateTo: expected a date not before dateFrom, found an earlier date",
            ),
            (r#"{"status":"done"}"#, "status: expected 'booked', 'pending' or 'all', found another string"),
            (r#"{"limit":0}"#, "limit: expected an integer from 1 to 500, found 0"),
            (r#"{"limit":"5"}"#, "limit: expected an integer from 1 to 500, found a string"),
            (r#"{"limit":1.5}"#, "limit: expected an integer from 1 to 500, found a fraction"),
            (r#"{"limit":501}"#, "limit: expected an integer from 1 to 500, found 501"),
        ] {
            assert_eq!(query(json).unwrap_err(), message);
        }
    }

    #[test]
    fn an_account_id_stays_one_segment_of_the_path() {
        let json = parse(br#""sandbox""#).unwrap();
        let environment = Environment::read(Some(&json), &[]).unwrap();
        let request = account(&environment, "../secrets?x=1").unwrap();
        assert_eq!(request.url, "https://api-sandbox.oakford.dev/aisp/v1/accounts/..%2Fsecrets%3Fx%3D1");
        assert_eq!(
            balances(&environment, "..").unwrap_err().message,
            "accountId: expected an account's id, found an empty string or dots"
        );
    }
}
