//! What the engine asks of a host.

use crate::aisp::decode::Decoded;
use crate::error::Error;

/// Names an effect or a call. Ids of effects are not reused.
pub type Id = u64;

/// One thing that the host does. Effects with an `id` are answered by an event with that id, unless the engine takes them back.
#[derive(Debug)]
pub enum Effect {
    /// Sends a request. Answered by `Head`, then `Body`; or by `Failed` at any point.
    Send {
        /// The effect's id.
        id: Id,
        /// The client whose transport sends it.
        client: u32,
        /// `GET` or `POST`.
        method: &'static str,
        /// The absolute URL.
        url: String,
        /// A line `name:value` for each header field.
        headers: String,
        /// The body of a POST.
        body: Option<String>,
        /// The largest body of a success, in bytes; a larger one is the failure `Size`.
        max_bytes: u64,
        /// The time limit of the attempt in milliseconds. The engine aborts the exchange after it; a host that can't interrupt its input and
        /// output limits them by it.
        timeout_ms: i64,
    },
    /// Aborts an exchange, whose further events are ignored.
    Abort {
        /// The id of the effect `Send`.
        id: Id,
    },
    /// Reads an entry of the token store: `Entry` or `Nothing`.
    StoreGet {
        /// The effect's id.
        id: Id,
        /// The client whose store is read.
        client: u32,
        /// The entry's key.
        key: String,
    },
    /// Compares and swaps an entry of the token store: `Flag`.
    StoreSwap {
        /// The effect's id.
        id: Id,
        /// The client whose store is written.
        client: u32,
        /// The entry's key.
        key: String,
        /// The version that must still be stored; `None` if the entry must be absent.
        version: Option<String>,
        /// The new value; `None` deletes.
        value: Option<String>,
    },
    /// Takes the token store's own lock of a key: `Nothing` once it is held. It is held until `Unlock`.
    Lock {
        /// The effect's id, which names the lock.
        id: Id,
        /// The client whose store has the lock.
        client: u32,
        /// The key.
        key: String,
    },
    /// Asks whether a lock is still held: `Flag`.
    IsHeld {
        /// The effect's id.
        id: Id,
        /// The id of the effect `Lock`.
        lock: Id,
    },
    /// Releases a lock, or gives up waiting for it.
    Unlock {
        /// The id of the effect `Lock`.
        lock: Id,
    },
    /// Counts a request against the limit that processes share: `Number`, 0 if it is counted, else the milliseconds until the next try.
    Acquire {
        /// The effect's id.
        id: Id,
        /// The client whose rate-limit store is asked.
        client: u32,
        /// The limit's name.
        quota: String,
        /// Each window's limit and length in milliseconds.
        windows: Vec<(u32, f64)>,
        /// The request's name.
        call: String,
        /// After so many milliseconds a request that is not released counts as answered.
        lease_ms: f64,
    },
    /// Releases a request that the shared limit counted.
    Release {
        /// The client whose rate-limit store is asked.
        client: u32,
        /// The limit's name.
        quota: String,
        /// The request's name.
        call: String,
        /// Whether the request was sent.
        sent: bool,
    },
    /// Describes the key that the client authenticates with: `Text`, `{ alg, kid? }` as JSON.
    ClientKey {
        /// The effect's id.
        id: Id,
        /// The client.
        client: u32,
    },
    /// Describes the key that tokens are bound to: `Text`, `{ alg, jwk }` as JSON, or `Nothing` if there is none and none is to be made.
    ProofKey {
        /// The effect's id.
        id: Id,
        /// The client.
        client: u32,
        /// The issuer of the tokens.
        issuer: String,
        /// The algorithm for a key that is made; `None` makes none.
        algorithm: Option<String>,
    },
    /// Signs a text: `Text`, the signature in base64url.
    Sign {
        /// The effect's id.
        id: Id,
        /// The client.
        client: u32,
        /// With the key that tokens are bound to, instead of the client's own.
        proof: bool,
        /// The text.
        input: String,
    },
    /// Verifies a signature: `Flag`.
    Verify {
        /// The effect's id.
        id: Id,
        /// The client.
        client: u32,
        /// The public key as JSON.
        jwk: String,
        /// The algorithm of the JWS.
        algorithm: &'static str,
        /// The text that was signed.
        input: String,
        /// The signature in base64url.
        signature: String,
    },
    /// Hashes a text by SHA-512: `Bytes`.
    Sha512 {
        /// The effect's id.
        id: Id,
        /// The client.
        client: u32,
        /// The text.
        text: String,
    },
    /// Brings secure random bytes: `Bytes`.
    Random {
        /// The effect's id.
        id: Id,
        /// How many.
        length: usize,
    },
    /// Loads a module of the engine that a host may keep apart: `Nothing`.
    Load {
        /// The effect's id.
        id: Id,
        /// The module's name.
        module: &'static str,
    },
    /// Hands an event to the client's listener.
    Emit {
        /// The client.
        client: u32,
        /// The event as JSON.
        event: String,
    },
    /// Adds a page of rows to the result of a call that goes on.
    Rows {
        /// The call.
        call: Id,
        /// The rows.
        decoded: Box<Decoded>,
    },
    /// Ends a call.
    Settle {
        /// The call.
        call: Id,
        /// Its result, beside the rows that were added.
        result: Result<Output, Error>,
    },
    /// Arms the one alarm in place of the one that was armed; an earlier one may ring all the same. If timers end with requests, it is one
    /// of several.
    Alarm {
        /// The instant of the engine's clock for which it is, which the event `Alarm` repeats.
        at: f64,
        /// The delay in milliseconds; `None` disarms it.
        delay: Option<f64>,
        /// Whether the process should stay alive for it.
        holds_process: bool,
    },
    /// Forgets a client: no further effect names it.
    Forget {
        /// The client.
        client: u32,
    },
}

/// The result of a call, beside its rows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Output {
    /// A text, JSON in most cases; `None` for a call without a result.
    pub text: Option<String>,
    /// The id of the exchange that the result came by, for a host that shows its header fields.
    pub exchange: Option<Id>,
}

impl From<String> for Output {
    fn from(text: String) -> Self {
        Self { text: Some(text), exchange: None }
    }
}
