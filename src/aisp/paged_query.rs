//! Paging: from one page's cursor to the next request, without a lost or repeated page.

use sha2::{Digest, Sha256};

use super::Environment;
use crate::base64url;
use crate::error::{Error, Kind, RequestSent, Result};
use crate::http::{Request, form_encode};
use crate::json::{self, FieldError, Fields, ObjectWriter};

/// More pages than this in one listing are an error unless the caller allows more.
const MAX_PAGES: i64 = 10_000;

/// One question that is answered in pages: its path and parameters, which are resent unchanged with every cursor.
#[derive(Debug, Clone, PartialEq)]
pub struct PagedQuery {
    path: String,
    query: String,
    max_pages: i64,
    /// The caller's option `checkpoint`.
    start: Option<String>,
    /// How many pages lay before `start`.
    begun: i64,
}

/// Where a listing stands: what a checkpoint holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Position {
    /// The cursor of the next page; none before the first.
    pub cursor: Option<String>,
    trail: Trail,
    /// The newest row keys, as [`Keys`](super::decode::Keys) writes them.
    pub keys: String,
}

/// The cursors that were used, in a space that does not grow: the first, the newest, and one to find any longer loop by.
///
/// A loop back to the first cursor or among the newest is found when it closes. For any other the anchor is moved to the cursor
/// at hand whenever the number of pages is a power of two (R. P. Brent, "An improved Monte Carlo factorization algorithm"): once
/// that exceeds the loop's length, the anchor comes again.
#[derive(Debug, Clone, Default, PartialEq)]
struct Trail {
    /// How many cursors there were.
    pages: i64,
    /// Short digests of the first cursor, of the anchor, and of the newest cursors in their order.
    marks: Vec<String>,
}

/// So many of the newest cursors are known.
const NEWEST: usize = 16;

impl Trail {
    /// The trail with one more cursor; none if that was there before.
    fn with(&self, cursor: &str) -> Option<Self> {
        let mark = digest(cursor);
        if self.marks.contains(&mark) {
            return None;
        }
        let mut next = self.clone();
        next.pages += 1;
        if next.marks.is_empty() {
            next.marks = vec![mark.clone(), mark.clone()];
        }
        if let Some(anchor) = next.marks.get_mut(1).filter(|_| next.pages & (next.pages - 1) == 0) {
            anchor.clone_from(&mark);
        }
        next.marks.push(mark);
        if next.marks.len() > NEWEST + 2 {
            next.marks.remove(2);
        }
        Some(next)
    }
}

impl PagedQuery {
    pub(super) fn new(path: String, query: String, options: Fields<'_>) -> Result<Self> {
        let max_pages = options.count("maxPages").map_err(Error::option)?.unwrap_or(MAX_PAGES);
        let start = options.text("checkpoint").map_err(Error::option)?.map(String::from);
        let mut listing = Self { path, query, max_pages, start, begun: 0 };
        listing.begun = listing.position(None)?.trail.pages;
        Ok(listing)
    }

    /// Returns the position of `checkpoint`, else that of the caller's option `checkpoint`, else the beginning.
    pub fn position(&self, checkpoint: Option<&str>) -> Result<Position> {
        match checkpoint.or(self.start.as_deref()) {
            None => Ok(Position::default()),
            Some(text) => self.read(text).ok_or_else(invalid_checkpoint),
        }
    }

    /// The request for the page at `position`; an error where that is one page more than allowed.
    pub fn request(&self, environment: &Environment, position: &Position) -> Result<Request> {
        if position.trail.pages >= self.max_pages.saturating_add(self.begun) {
            return fail(Kind::TooManyPages);
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
        let Some(trail) = position.trail.with(cursor) else {
            return fail(Kind::CursorRepeated);
        };
        Ok(Some(Position { cursor: Some(cursor.into()), trail, keys: keys.into() }))
    }

    /// The position as a string from which a listing with the same parameters goes on.
    pub fn checkpoint(&self, position: &Position) -> String {
        let mut out = ObjectWriter::new();
        out.number("v", 2).text("listing", &self.identity()).optional("cursor", position.cursor.as_deref());
        out.number("pages", position.trail.pages).text("marks", &position.trail.marks.join(" "));
        out.text("keys", &position.keys);
        base64url::encode(out.finish().as_bytes())
    }

    fn read(&self, checkpoint: &str) -> Option<Position> {
        let text = base64url::decode(checkpoint)?;
        let value = json::parse(&text).ok()?;
        let fields = Fields::of("", &value).ok()?;
        if fields.required_text("listing").ok()? != self.identity() {
            return None;
        }
        let marks = fields.required_text("marks").ok()?.split(' ').filter(|mark| !mark.is_empty());
        let trail = Trail {
            pages: fields.number("pages").ok()??,
            marks: marks.take(NEWEST + 2).map(String::from).collect(),
        };
        Some(Position {
            cursor: fields.text("cursor").ok()?.map(String::from),
            keys: fields.required_text("keys").ok()?.into(),
            trail,
        })
    }

    /// Cursors are bound to the other parameters, so a checkpoint is too.
    fn identity(&self) -> String {
        digest(&[&self.path, "?", &self.query].concat())
    }
}

/// Returns the error for a checkpoint that no listing with the same parameters gave.
pub fn invalid_checkpoint() -> Error {
    let expected = "a checkpoint of a listing with the same parameters";
    Error::option(FieldError::new("checkpoint", expected, "another text"))
}

/// Returns 72 bits of a SHA-256 digest: enough to distinguish thousands of cursors, short enough to be stored.
fn digest(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    base64url::encode(digest.get(..9).unwrap_or_default())
}

fn fail<T>(kind: Kind) -> Result<T> {
    let mut error = Error::of(kind);
    error.request_sent = RequestSent::Yes;
    Err(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aisp::endpoint::Endpoint;
    use crate::json::parse;

    fn listing(options: &str) -> PagedQuery {
        let value = parse(options.as_bytes()).unwrap();
        Endpoint::Transactions.paged_query("a", Fields::of("", &value).unwrap()).unwrap()
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

    /// Reads until the listing fails; the error, and how many pages came before it.
    fn walk(next: impl Fn(i64) -> i64) -> (String, i64) {
        let listing = listing(r#"{"maxPages":100000}"#);
        let mut position = Position::default();
        let mut cursor = 0;
        loop {
            if let Err(error) = listing.request(&environment(), &position) {
                return (error.code.clone(), position.trail.pages);
            }
            cursor = next(cursor);
            match listing.advance(&position, Some(&cursor.to_string()), "") {
                Ok(next) => position = next.unwrap(),
                Err(error) => return (error.code.clone(), position.trail.pages),
            }
        }
    }

    #[test]
    fn every_loop_is_found_and_one_that_is_short_or_leads_to_the_start_at_once() {
        // Cursors 1, 2, … up to `end`, which leads back to `start`.
        for (start, end, pages) in
            [(1, 1, 1), (1, 3, 3), (1, 5000, 5000), (4985, 5000, 5000), (7000, 7001, 7001)]
        {
            let next = |at: i64| if at == end { start } else { at + 1 };
            assert_eq!(walk(next), ("cursor_repeated".into(), pages), "{start} {end}");
        }
        for (start, end) in [(2, 100), (30, 60), (1000, 3000), (6000, 6099)] {
            let (code, pages) = walk(|at| if at == end { start } else { at + 1 });
            assert_eq!(code, "cursor_repeated");
            assert!(pages <= 3 * end, "{start} {end} {pages}");
        }
        assert_eq!(walk(|at| at + 1), ("too_many_pages".into(), 100_000));
    }

    #[test]
    fn a_position_takes_no_more_room_on_page_6000_than_on_page_20() {
        let listing = listing("{}");
        let mut position = Position::default();
        let mut lengths = Vec::new();
        for page in 1..=6000 {
            // All cursors are of one length.
            position = listing.advance(&position, Some(&format!("cursor-{page:05}")), "").unwrap().unwrap();
            lengths.push(listing.checkpoint(&position).len());
        }
        // The number of the page has more digits.
        assert!(lengths[5999] - lengths[19] <= 4, "{} {}", lengths[19], lengths[5999]);
        assert!(lengths[5999] < 600, "{}", lengths[5999]);
    }

    #[test]
    fn the_page_after_the_last_allowed_one_is_an_error_and_not_that_one_itself() {
        let two = listing(r#"{"maxPages":2}"#);
        let second = two.advance(&Position::default(), Some("a"), "").unwrap().unwrap();
        assert!(two.request(&environment(), &second).is_ok());
        let third = two.advance(&second, Some("b"), "").unwrap().unwrap();
        assert_eq!(two.request(&environment(), &third).unwrap_err().code, "too_many_pages");
        let checkpoint = two.checkpoint(&third);
        let resumed = listing(&format!(r#"{{"maxPages":1,"checkpoint":"{checkpoint}"}}"#));
        let position = resumed.position(None).unwrap();
        assert!(resumed.request(&environment(), &position).is_ok());
    }

    #[test]
    fn a_checkpoint_goes_on_where_it_was_made_and_only_there() {
        let all = listing("{}");
        let second = all.advance(&Position::default(), Some("a"), "").unwrap().unwrap();
        let checkpoint = all.checkpoint(&second);
        assert_eq!(all.position(Some(&checkpoint)).unwrap(), second);
        let resumed = listing(&format!(r#"{{"checkpoint":"{checkpoint}"}}"#));
        assert_eq!(resumed.position(None).unwrap(), second);
        let other = listing(r#"{"status":"booked"}"#);
        assert_eq!(other.position(Some(&checkpoint)).unwrap_err().code, "invalid_option");
        assert_eq!(all.position(Some("nonsense")).unwrap_err().code, "invalid_option");
    }
}
