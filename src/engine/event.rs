//! What a host brings to the engine.

use super::effect::Id;
use super::operation::Operation;
use crate::error::Cause;
use crate::http::delivery::Phase;

/// The two clocks, read by the host when it brings an event.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Now {
    /// Milliseconds since the epoch.
    pub wall: i64,
    /// Milliseconds of a clock that never runs back.
    pub monotonic: f64,
}

/// One thing that happened outside the engine.
#[derive(Debug)]
pub enum Event {
    /// The application calls a method of a client.
    Call {
        /// The client's number.
        client: u32,
        /// The call's number, chosen by the host: each is greater than the one before.
        call: Id,
        /// The method and its arguments.
        operation: Operation,
        /// The options that every call takes, as JSON.
        options: String,
        /// Whether the application aborted it already.
        cancelled: bool,
        /// Whether the host can make and verify signatures now.
        signs: bool,
    },
    /// The application aborts a call.
    Cancel {
        /// The call's number.
        call: Id,
    },
    /// The status line and the header fields of a response arrived.
    Head {
        /// The id of the effect `Send`.
        id: Id,
        /// The status code; 0 for a response without one, such as an opaque redirect.
        status: u16,
        /// A line `name:value` for each field of [`HEADERS`](crate::http::HEADERS) that the response has; names are in lower case.
        headers: String,
    },
    /// The body of a response arrived in full.
    Body {
        /// The id of the effect `Send`.
        id: Id,
        /// The body in UTF-8.
        bytes: Vec<u8>,
    },
    /// An exchange failed; nothing more arrives for it.
    Failed {
        /// The id of the effect `Send`.
        id: Id,
        /// How far the exchange was.
        phase: Phase,
        /// The platform's errors, outermost first.
        causes: Vec<Cause>,
    },
    /// An effect was done.
    Answer {
        /// The id of the effect.
        id: Id,
        /// The answer.
        answer: Answer,
    },
    /// An effect could not be done.
    Refused {
        /// The id of the effect.
        id: Id,
        /// The platform's errors, outermost first.
        causes: Vec<Cause>,
    },
    /// The time of an effect `Alarm` has come.
    Alarm {
        /// The effect's instant.
        at: f64,
    },
}

/// The answer to an effect.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// There is no value: an absent entry, or an effect without a result.
    Nothing,
    /// A truth value.
    Flag(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// An entry of the token store.
    Entry {
        /// The opaque text.
        value: String,
        /// The version that compare-and-swap compares.
        version: String,
    },
}
