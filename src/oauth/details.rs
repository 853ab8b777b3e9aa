//! Rich authorization requests (RFC 9396) for account information: which accounts, what of them, until when.

use super::Metadata;
use crate::error::{Error, Kind, Result};
use crate::json::{FieldError, Fields, ObjectWriter, Value};
use crate::time;

/// `type` (RFC 9396, section 2).
pub const TYPE: &str = "account_information";

/// Refuses a server that says it does not know such details: asking on would give a consent that is wider than what the application wanted.
pub fn check_support(metadata: &Metadata) -> Result<()> {
    match &metadata.authorization_details_types {
        Some(types) if !types.iter().any(|name| name == TYPE) => {
            Err(Error::of(Kind::AuthorizationDetailsUnsupported))
        }
        _ => Ok(()),
    }
}

type Read<T> = core::result::Result<T, FieldError>;

/// Reads the option `authorizationDetails`, one object or several, and writes the parameter `authorization_details`.
/// `location`: the API that it is for.
pub fn parameter(fields: Fields<'_>, location: &str) -> Read<Option<String>> {
    let Some(value) = fields.value("authorizationDetails") else { return Ok(None) };
    let items = match value {
        Value::List(items) if !items.is_empty() => items.as_slice(),
        Value::List(_) => return Err(fields.field_error("authorizationDetails", "an object or several")),
        single => core::slice::from_ref(single),
    };
    let details: Vec<String> = items
        .iter()
        .map(|item| detail(Fields::of("authorizationDetails", item)?, location))
        .collect::<Read<_>>()?;
    Ok(Some(["[", &details.join(","), "]"].concat()))
}

fn detail(fields: Fields<'_>, location: &str) -> Read<String> {
    fields.only(&["accounts", "balances", "transactions", "validUntil"])?;
    let mut actions = String::from("[\"list_accounts\"");
    for (option, action) in [("balances", ",\"read_balances\""), ("transactions", ",\"read_transactions\"")] {
        if fields.flag(option)?.unwrap_or(true) {
            actions.push_str(action);
        }
    }
    actions.push(']');
    let mut locations = ObjectWriter::new();
    locations.text("type", TYPE).raw("actions", &actions);
    locations.raw("locations", &["[", &quoted(location), "]"].concat());
    if let Some(accounts) = accounts(fields)? {
        locations.raw("accounts", &accounts);
    }
    if let Some(until) = fields.text("validUntil")? {
        if time::date_parts(until.as_bytes()).is_none() {
            return Err(FieldError::new(fields.path("validUntil"), "a date (YYYY-MM-DD)", "another string"));
        }
        locations.text("valid_until", until);
    }
    Ok(locations.finish())
}

/// The accounts as the bank knows them; none: the customer chooses.
fn accounts(fields: Fields<'_>) -> Read<Option<String>> {
    let list = match fields.value("accounts") {
        None => return Ok(None),
        Some(Value::List(list)) if !list.is_empty() => list,
        Some(_) => {
            return Err(
                fields.field_error("accounts", "an array of `{ iban }`, `{ accountId }` and the like")
            );
        }
    };
    let account = |item: &Value| {
        const NAMES: [(&str, &str); 4] =
            [("iban", "iban"), ("bban", "bban"), ("accountId", "account_id"), ("currency", "currency")];
        let fields = Fields::of("authorizationDetails.accounts[]", item)?;
        fields.only(&NAMES.map(|(option, _)| option))?;
        let mut out = ObjectWriter::new();
        for (option, name) in NAMES {
            out.optional(name, fields.text(option)?);
        }
        Ok(out.finish())
    };
    let accounts: Vec<String> = list.iter().map(account).collect::<Read<_>>()?;
    Ok(Some(["[", &accounts.join(","), "]"].concat()))
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    crate::json::quote(&mut out, text);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    fn parameter(options: &str) -> Read<Option<String>> {
        let value = json::parse(options.as_bytes()).unwrap();
        super::parameter(Fields::of("", &value).unwrap(), "https://a.example/aisp/v1")
    }

    #[test]
    fn accounts_actions_and_validity_are_written() {
        assert_eq!(parameter("{}").unwrap(), None);
        assert_eq!(
            parameter(r#"{"authorizationDetails":{}}"#).unwrap().as_deref(),
            Some(
                r#"[{"type":"account_information","actions":["list_accounts","read_balances","read_transactions"],"locations":["https://a.example/aisp/v1"]}]"#
            )
        );
        let full = r#"{"authorizationDetails":[{"accounts":[{"iban":"DE89370400440532013000","currency":"EUR"},{"accountId":"a"}],"balances":true,"transactions":false,"validUntil":"2026-12-31"}]}"#;
        assert_eq!(
            parameter(full).unwrap().as_deref(),
            Some(
                r#"[{"type":"account_information","actions":["list_accounts","read_balances"],"locations":["https://a.example/aisp/v1"],"accounts":[{"iban":"DE89370400440532013000","currency":"EUR"},{"account_id":"a"}],"valid_until":"2026-12-31"}]"#
            )
        );
    }

    #[test]
    fn details_that_the_server_does_not_know_are_not_dropped_in_silence() {
        let metadata = |types: Option<&[&str]>| Metadata {
            authorization_details_types: types
                .map(|types| types.iter().map(|name| name.to_string()).collect()),
            ..Metadata::defaults("https://api.oakford.dev")
        };
        let error = check_support(&metadata(Some(&["payment"]))).unwrap_err();
        assert_eq!(error.code, "authorization_details_unsupported");
        assert!(check_support(&metadata(Some(&["payment", "account_information"]))).is_ok());
        assert!(check_support(&metadata(None)).is_ok());
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (options, path) in [
            (r#"{"authorizationDetails":7}"#, "authorizationDetails"),
            (r#"{"authorizationDetails":[]}"#, "authorizationDetails"),
            (r#"{"authorizationDetails":{"account":[]}}"#, "authorizationDetails.account"),
            (r#"{"authorizationDetails":{"accounts":[]}}"#, "authorizationDetails.accounts"),
            (
                r#"{"authorizationDetails":{"accounts":[{"IBAN":"x"}]}}"#,
                "authorizationDetails.accounts[].IBAN",
            ),
            (r#"{"authorizationDetails":{"balances":"yes"}}"#, "authorizationDetails.balances"),
            (r#"{"authorizationDetails":{"validUntil":"2026-02-30"}}"#, "authorizationDetails.validUntil"),
        ] {
            assert_eq!(parameter(options).unwrap_err().path, path, "{options}");
        }
    }
}
