//! Paging: from one page's cursor to the next request, without a lost or repeated page.

use sha2::{Digest, Sha256};

use super::Environment;
use crate::base64url;
use crate::error::{Class, Error, RequestSent, Result};
use crate::http::{Request, form_encode};
use crate::json::{self, Fields, Mismatch, ObjectWriter};

/// More pages than this in one listing are an error unless the caller allows more.
const MAX_PAGES: i64 = 10_000;

/// One question that is answered in pages: its path and parameters, which are resent unchanged with every cursor.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    path: String,
    query: String,
    max_pages: i64,
    from: Option<String>,
    /// How many pages lay before `from`.
    begun: i64,
}

/// Where a listing stands: what a checkpoint holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Position {
    /// The cursor of the next page; none before the first.
    pub cursor: Option<String>,
    /// Short digests of the cursors that were used, since the same cursor twice is an error.
    seen: Vec<String>,
    /// The newest row keys, as [`Keys`](super::decode::Keys) writes them.
    pub keys: String,
}

impl Listing {
    pub(super) fn new(path: String, query: String, options: Fields<'_>) -> Result<Self> {
        let max_pages = options.number("maxPages").map_err(Error::option)?.unwrap_or(MAX_PAGES);
        let from = options.text("from").map_err(Error::option)?.map(String::from);
        let mut listing = Self { path, query, max_pages, from, begun: 0 };
        listing.begun = listing.position(None)?.seen.len() as i64;
        Ok(listing)
    }

    /// Where to begin: at `checkpoint`, else where the caller's `from` says, else at the start.
    pub fn position(&self, checkpoint: Option<&str>) -> Result<Position> {
        match checkpoint.or(self.from.as_deref()) {
            None => Ok(Position::default()),
            Some(text) => self.read(text).ok_or_else(|| {
                let expected = "a checkpoint of a listing with the same parameters";
                Error::option(Mismatch::new("from", expected, "another text"))
            }),
        }
    }

    /// The request for the page at `position`; an error where that is one page more than allowed.
    pub fn request(&self, environment: &Environment, position: &Position) -> Result<Request> {
        if position.seen.len() as i64 >= self.max_pages + self.begun {
            return fail("too_many_pages", "The listing has more pages than maxPages allows.");
        }
        let mut url = environment.base.join(&self.path);
        let mut joint = '?';
        if !self.query.is_empty() {
            url.push(joint);
            url.push_str(&self.query);
            joint = '&';
        }
        if let Some(cursor) = &position.cursor {
            url.push(joint);
            url.push_str("cursor=");
            url.push_str(&form_encode(cursor));
        }
        Ok(Request::get(url))
    }

    /// The position after a page that was read at `position`, named `next_cursor` and left `keys`; none at the end.
    pub fn advance(
        &self,
        position: &Position,
        next_cursor: Option<&str>,
        keys: &str,
    ) -> Result<Option<Position>> {
        let Some(cursor) = next_cursor.filter(|cursor| !cursor.is_empty()) else { return Ok(None) };
        let mark = digest(cursor);
        if position.seen.contains(&mark) {
            return fail(
                "cursor_repeated",
                "The server gave the same cursor twice, so the listing would never end.",
            );
        }
        let mut seen = position.seen.clone();
        seen.push(mark);
        Ok(Some(Position { cursor: Some(cursor.into()), seen, keys: keys.into() }))
    }

    /// The position as a string from which a listing with the same parameters goes on.
    pub fn checkpoint(&self, position: &Position) -> String {
        let mut out = ObjectWriter::new();
        out.number("v", 1).text("listing", &self.identity()).optional("cursor", position.cursor.as_deref());
        out.text("seen", &position.seen.join(" ")).text("keys", &position.keys);
        base64url::encode(out.finish().as_bytes())
    }

    fn read(&self, checkpoint: &str) -> Option<Position> {
        let text = base64url::decode(checkpoint)?;
        let value = json::parse(&text).ok()?;
        let fields = Fields::of("", &value).ok()?;
        if fields.required_text("listing").ok()? != self.identity() {
            return None;
        }
        let seen = fields.required_text("seen").ok()?;
        Some(Position {
            cursor: fields.text("cursor").ok()?.map(String::from),
            keys: fields.required_text("keys").ok()?.into(),
            seen: seen.split(' ').filter(|mark| !mark.is_empty()).map(String::from).collect(),
        })
    }

    /// Cursors are bound to the other parameters, so a checkpoint is too.
    fn identity(&self) -> String {
        digest(&[&self.path, "?", &self.query].concat())
    }
}

/// 72 bits of a SHA-256 digest: enough to tell thousands of cursors apart, short enough to be kept.
fn digest(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    base64url::encode(digest.get(..9).unwrap_or_default())
}

fn fail<T>(code: &str, message: &str) -> Result<T> {
    let mut error = Error::new(Class::Response, code, message);
    error.request_sent = RequestSent::Yes;
    Err(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    fn listing(options: &str) -> Listing {
        let value = parse(options.as_bytes()).unwrap();
        super::super::endpoint::transactions("a", Fields::of("", &value).unwrap()).unwrap()
    }

    fn environment() -> Environment {
        Environment::read(Some(&parse(br#"{"baseUrl":"https://a.example"}"#).unwrap()), &[]).unwrap()
    }

    #[test]
    fn parameters_are_resent_unchanged_with_the_cursor() {
        let listing = listing(r#"{"status":"booked"}"#);
        let first = listing.position(None).unwrap();
        assert_eq!(
            listing.request(&environment(), &first).unwrap().url,
            "https://a.example/accounts/a/transactions?status=booked"
        );
        let second = listing.advance(&first, Some("a/b c"), "").unwrap().unwrap();
        assert_eq!(
            listing.request(&environment(), &second).unwrap().url,
            "https://a.example/accounts/a/transactions?status=booked&cursor=a%2Fb+c"
        );
        assert_eq!(listing.advance(&second, None, "").unwrap(), None);
        assert_eq!(listing.advance(&second, Some(""), "").unwrap(), None);
    }

    #[test]
    fn the_same_cursor_twice_is_an_error_also_in_a_longer_loop() {
        let listing = listing("{}");
        let mut position = listing.position(None).unwrap();
        for cursor in ["a", "b", "c"] {
            position = listing.advance(&position, Some(cursor), "").unwrap().unwrap();
        }
        assert_eq!(listing.advance(&position, Some("a"), "").unwrap_err().code, "cursor_repeated");
        assert_eq!(listing.advance(&position, Some("c"), "").unwrap_err().code, "cursor_repeated");
    }

    #[test]
    fn the_page_after_the_last_allowed_one_is_an_error_and_not_that_one_itself() {
        let two = listing(r#"{"maxPages":2}"#);
        let second = two.advance(&Position::default(), Some("a"), "").unwrap().unwrap();
        assert!(two.request(&environment(), &second).is_ok());
        let third = two.advance(&second, Some("b"), "").unwrap().unwrap();
        assert_eq!(two.request(&environment(), &third).unwrap_err().code, "too_many_pages");
        let checkpoint = two.checkpoint(&third);
        let resumed = listing(&format!(r#"{{"maxPages":1,"from":"{checkpoint}"}}"#));
        let position = resumed.position(None).unwrap();
        assert!(resumed.request(&environment(), &position).is_ok());
    }

    #[test]
    fn a_checkpoint_goes_on_where_it_was_made_and_only_there() {
        let all = listing("{}");
        let second = all.advance(&Position::default(), Some("a"), "").unwrap().unwrap();
        let checkpoint = all.checkpoint(&second);
        assert_eq!(all.position(Some(&checkpoint)).unwrap(), second);
        let resumed = listing(&format!(r#"{{"from":"{checkpoint}"}}"#));
        assert_eq!(resumed.position(None).unwrap(), second);
        let other = listing(r#"{"status":"booked"}"#);
        assert_eq!(other.position(Some(&checkpoint)).unwrap_err().code, "invalid_option");
        assert_eq!(all.position(Some("nonsense")).unwrap_err().code, "invalid_option");
    }
}
