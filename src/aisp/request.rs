//! From an endpoint's entry and the options of a call to the request.

use super::endpoint::Endpoint;
use super::endpoint_schema::{Entry, Extent, Parameter, ParameterKind};
use super::{Environment, PagedQuery};
use crate::digits;
use crate::error::{Error, Result};
use crate::http::{self, Form, path_segment};
use crate::json::{FieldError, Fields};
use crate::options;
use crate::time;

/// What is asked of an endpoint.
pub enum Request {
    /// One response that has all of it.
    Whole(http::Request),
    /// A list that comes in pages.
    Page(PagedQuery),
}

impl Endpoint {
    /// Returns the request for the object of that id; `options` are JSON.
    pub fn request(self, environment: &Environment, id: &str, options: &str) -> Result<Request> {
        let entry = self.entry();
        match entry.extent {
            Extent::Page => {
                options::with_fields(options, |fields| self.paged_query(id, fields)).map(Request::Page)
            }
            Extent::Whole => {
                Ok(Request::Whole(http::Request::get(environment.base.join(&path(entry.path, id)?))))
            }
        }
    }

    /// Returns what is asked of an endpoint that answers in pages.
    pub fn paged_query(self, id: &str, options: Fields<'_>) -> Result<PagedQuery> {
        let entry = self.entry();
        let path = path(entry.path, id)?;
        let query = query(entry, options).map_err(Error::option)?;
        PagedQuery::new(path, query, options)
    }
}

fn path(template: &str, id: &str) -> Result<String> {
    let Some((before, rest)) = template.split_once('{') else { return Ok(template.into()) };
    let (name, after) = rest.split_once('}').unwrap_or((rest, ""));
    match path_segment(id) {
        Some(segment) => Ok([before, &segment, after].concat()),
        None => Err(Error::option(FieldError::new(name, "an account's id", "an empty string or dots"))),
    }
}

fn query(entry: &Entry, options: Fields<'_>) -> core::result::Result<String, FieldError> {
    options.only(entry.options)?;
    let mut query = Form::new();
    for parameter in entry.parameters {
        query.maybe(parameter.wire, value(parameter, options)?.as_deref());
    }
    Ok(query.text().into())
}

fn value(parameter: &Parameter, options: Fields<'_>) -> core::result::Result<Option<String>, FieldError> {
    let name = parameter.option;
    let text = match parameter.kind {
        ParameterKind::Date => date(options, name)?,
        ParameterKind::DateNotBefore(other) => {
            let (from, to) = (options.text(other)?, date(options, name)?);
            if let (Some(from), Some(to)) = (from, to)
                && from > to
            {
                let expected = ["a date not before `", other, "`"].concat();
                return Err(FieldError::new(options.path(name), &expected, "an earlier date"));
            }
            to
        }
        ParameterKind::Word(words, expected) => {
            let word = options.text(name)?;
            if word.is_some_and(|word| !words.contains(&word)) {
                return Err(FieldError::new(options.path(name), expected, "another string"));
            }
            word
        }
        ParameterKind::Flag => options.flag(name)?.map(|flag| if flag { "true" } else { "false" }),
        ParameterKind::Limit => return limit(options, name),
    };
    Ok(text.map(String::from))
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

fn limit(options: Fields<'_>, name: &str) -> core::result::Result<Option<String>, FieldError> {
    const EXPECTED: &str = "an integer from 1 to 500";
    let refused = |found: &str| Err(FieldError::new(options.path(name), EXPECTED, found));
    match options.count(name) {
        Ok(Some(limit)) if (1..=500).contains(&limit) => Ok(Some(digits::write(limit))),
        Ok(None) => Ok(None),
        Ok(Some(limit)) => refused(&digits::write(limit)),
        Err(field_error) => refused(&field_error.found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    fn query(json: &str) -> core::result::Result<String, String> {
        let value = parse(json.as_bytes()).unwrap();
        super::query(Endpoint::Transactions.entry(), Fields::of("", &value).unwrap())
            .map_err(|field_error| field_error.message())
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
                "`dateFrom` must be a calendar date as YYYY-MM-DD, got another string.",
            ),
            (
                r#"{"dateFrom":"2024-1-1"}"#,
                "`dateFrom` must be a calendar date as YYYY-MM-DD, got another string.",
            ),
            (r#"{"dateTo":20240101}"#, "`dateTo` must be a calendar date as YYYY-MM-DD, got a number."),
            (
                r#"{"dateFrom":"2024-02-02","dateTo":"2024-02-01"}"#,
                "`dateTo` must be a date not before `dateFrom`, got an earlier date.",
            ),
            (r#"{"status":"done"}"#, "`status` must be 'booked', 'pending' or 'all', got another string."),
            (r#"{"limit":0}"#, "`limit` must be an integer from 1 to 500, got 0."),
            (r#"{"limit":"5"}"#, "`limit` must be an integer from 1 to 500, got a string."),
            (r#"{"limit":1.5}"#, "`limit` must be an integer from 1 to 500, got a fraction."),
            (r#"{"limit":501}"#, "`limit` must be an integer from 1 to 500, got 501."),
        ] {
            assert_eq!(query(json).unwrap_err(), message);
        }
    }

    #[test]
    fn an_account_id_stays_one_segment_of_the_path() {
        let json = parse(br#""sandbox""#).unwrap();
        let environment = Environment::read(Some(&json), &[]).unwrap();
        let request = |endpoint: Endpoint, id| endpoint.request(&environment, id, "");
        let Ok(Request::Whole(account)) = request(Endpoint::Account, "../secrets?x=1") else {
            panic!("no request")
        };
        assert_eq!(account.url, "https://api-sandbox.oakford.dev/aisp/v1/accounts/..%2Fsecrets%3Fx%3D1");
        assert_eq!(
            request(Endpoint::Balances, "..").err().unwrap().message,
            "`accountId` must be an account's id, got an empty string or dots."
        );
    }
}
