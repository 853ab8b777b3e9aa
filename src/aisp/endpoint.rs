//! The endpoints of the API (`openapi.yaml`), each described once.
//!
//! An entry is the endpoint's name, its method in the public interface, whether the rows come in pages, the path, what the body is read as, and a
//! line for each parameter: its option, its name on the wire, its kind.

use super::endpoint_schema::{Entry, Extent, Parameter, ParameterKind, endpoints};
use super::models::{ACCOUNT, ACCOUNT_LIST, BALANCE_LIST, TRANSACTION_LIST};
use super::schema::Model;

endpoints! {
    Accounts "accounts": page "/accounts" as AccountList(ACCOUNT_LIST) {
        /// Rows on a page, 1 to 500. Default: the server's, 100.
        limit as limit: limit;
        /// Whether each account comes with its balances.
        withBalances as with_balances: flag;
    }

    Account "account": whole "/accounts/{accountId}" as Account(ACCOUNT)

    Balances "balances": whole "/accounts/{accountId}/balances" as Balances(BALANCE_LIST)

    Transactions "transactions": page "/accounts/{accountId}/transactions" as TransactionList(TRANSACTION_LIST) {
        /// The first booking date, `YYYY-MM-DD`, inclusive.
        dateFrom as date_from: date;
        /// The last booking date, `YYYY-MM-DD`, inclusive.
        dateTo as date_to: date_not_before(dateFrom);
        /// Default: the server's, `'all'`.
        status as status: word("booked", "pending" or "all");
        /// Rows on a page, 1 to 500. Default: the server's, 100.
        limit as limit: limit;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::aisp::decode::{Fault, Keys, decode};
    use crate::aisp::schema::{Kind, Shape};

    /// The placeholders for which [`Endpoint::request`] has an argument.
    const ARGUMENTS: [&str; 1] = ["accountId"];

    fn placeholders(path: &str) -> Vec<&str> {
        path.split('{').skip(1).map(|rest| rest.split_once('}').unwrap().0).collect()
    }

    #[test]
    fn endpoints_each_placeholder_of_a_path_has_an_argument() {
        for endpoint in Endpoint::ALL {
            let path = endpoint.entry().path;
            let names = placeholders(path);
            assert!(path.starts_with('/') && names.len() <= ARGUMENTS.len(), "{path}");
            assert!(names.iter().all(|name| ARGUMENTS.contains(name)), "{path}");
        }
    }

    #[test]
    fn endpoints_each_is_found_by_its_method_and_has_a_path_and_a_message_of_its_own() {
        let entries = || Endpoint::ALL.iter().map(|endpoint| endpoint.entry());
        assert!(Endpoint::ALL.iter().all(|one| Endpoint::named(one.entry().method) == Some(*one)));
        assert_eq!(Endpoint::named("accountss"), None);
        let paths: BTreeSet<&str> = entries().map(|entry| entry.path).collect();
        let messages: BTreeSet<u8> = Endpoint::ALL.iter().map(|endpoint| endpoint.message() as u8).collect();
        let bodies: BTreeSet<usize> = Message::ALL.iter().map(|message| message.body().id).collect();
        assert!(
            [paths.len(), messages.len(), bodies.len()].iter().all(|count| *count == Endpoint::ALL.len())
        );
    }

    #[test]
    fn endpoints_each_message_is_decoded_by_its_own_model() {
        for endpoint in Endpoint::ALL {
            let (message, body) = (endpoint.message(), endpoint.message().body());
            // The first required field of a body that lacks all is the one that the decoder misses.
            let missing = body.fields.iter().enumerate().find(|(index, field)| match body.shape {
                Shape::Envelope => matches!(field.kind, Kind::Models(_) | Kind::Id),
                _ => body.required >> index & 1 == 1,
            });
            let error = decode(message, b"{}".to_vec(), &mut Keys::new()).unwrap_err();
            assert_eq!((error.fault, error.path.as_str()), (Fault::Contract, missing.unwrap().1.wire));
            if body.shape == Shape::Envelope {
                let lists = body.fields.iter().filter(|field| matches!(field.kind, Kind::Models(_)));
                let list = lists.map(|field| field.wire).collect::<Vec<_>>().join(" ");
                let text = format!(r#"{{"account_id":"a","{list}":[]}}"#);
                let decoded = decode(message, text.into_bytes(), &mut Keys::new()).unwrap();
                assert_eq!((decoded.message, decoded.rows), (message, 0));
            }
        }
    }

    #[test]
    fn endpoints_a_row_that_has_a_key_is_a_transaction() {
        // `decode::keys` hashes the fields of transactions.
        for message in Message::ALL.iter().filter(|message| message.row().shape == Shape::Keyed) {
            assert_eq!(message.row().name, "Transaction");
        }
        assert_eq!(Message::TransactionList.row().shape, Shape::Keyed);
    }

    #[test]
    fn endpoints_a_body_that_comes_in_pages_has_a_cursor() {
        for endpoint in Endpoint::ALL {
            let has_cursor = endpoint.message().body().fields.iter().any(|field| field.wire == "next_cursor");
            assert_eq!(has_cursor, endpoint.entry().extent == Extent::Page, "{}", endpoint.entry().path);
        }
    }

    #[test]
    fn endpoints_a_date_is_compared_with_one_that_was_read_before() {
        for Entry { parameters, extent, path, .. } in Endpoint::ALL.iter().map(|endpoint| endpoint.entry()) {
            assert!(*extent == Extent::Page || parameters.is_empty(), "{path}");
            for (index, parameter) in parameters.iter().enumerate() {
                let ParameterKind::DateNotBefore(other) = parameter.kind else { continue };
                let is_other =
                    |one: &Parameter| one.option == other && matches!(one.kind, ParameterKind::Date);
                assert!(parameters.iter().take(index).any(is_other), "{path}: {other}");
            }
        }
    }
}
