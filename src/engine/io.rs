//! The primitives that flows await: effects and their answers, time, randomness. They are the only way out of a flow.

use core::cell::{Cell, RefCell};
use core::future::{Future, poll_fn};
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::rc::Rc;

use super::clock::Clock;
use super::effect::{Effect, Id};
use super::event::{Answer, Now};
use super::executor::{Executor, LocalBoxFuture};
use super::timers::{Timer, Timers};
use crate::base64url;
use crate::error::{Cause, Error, Kind, Result};
use crate::http::delivery::Phase;

/// What the flows of one engine share.
pub struct Io {
    wall: Cell<i64>,
    pub(super) clock: Clock,
    pub(super) executor: Executor,
    pub(super) timers: Rc<Timers>,
    effects: RefCell<Vec<Effect>>,
    replies: RefCell<Vec<(Id, Reply)>>,
    newest_id: Cell<Id>,
    newest_call: Cell<u32>,
    newest_request: Cell<u128>,
    jitter: Cell<u64>,
}

/// What arrived for an effect and is not taken yet.
#[derive(Default)]
struct Reply {
    arrived: Vec<Arrived>,
    waker: Option<Waker>,
}

/// What arrives for an effect.
#[derive(Debug)]
pub enum Arrived {
    /// The head of a response.
    Head(u16, String),
    /// The body of a response.
    Body(Vec<u8>),
    /// Why there is no whole response.
    Failed(Phase, Vec<Cause>),
    /// An answer.
    Answer(Answer),
    /// Why there is no answer.
    Refused(Vec<Cause>),
}

impl Io {
    /// Returns primitives without flows. `seed`: random numbers for ids of requests and for jitter, no secrets.
    pub fn new([a, b, c]: [u64; 3]) -> Rc<Self> {
        Rc::new(Self {
            wall: Cell::new(0),
            clock: Clock::default(),
            executor: Executor::default(),
            timers: Rc::default(),
            effects: RefCell::default(),
            replies: RefCell::default(),
            newest_id: Cell::new(0),
            newest_call: Cell::new(0),
            newest_request: Cell::new((u128::from(a) << 64) | u128::from(b)),
            jitter: Cell::new(c),
        })
    }

    /// Returns the wall clock: milliseconds since the epoch.
    pub fn wall(&self) -> i64 {
        self.wall.get()
    }

    /// Takes the host's clocks.
    pub(super) fn set_now(&self, now: Now) {
        self.wall.set(now.wall);
        self.clock.set(now.monotonic);
    }

    /// Returns the milliseconds of a clock that never runs back, for waiting and measuring.
    pub fn clock(&self) -> f64 {
        self.clock.now()
    }

    /// Returns the milliseconds since the epoch at an instant of [`clock`](Self::clock).
    pub fn to_unix_ms(&self, instant: f64) -> i64 {
        (self.wall() as f64 + instant - self.clock()).ceil() as i64
    }

    /// Starts a flow that nothing waits for.
    pub fn spawn(&self, flow: LocalBoxFuture<'static, ()>) {
        self.executor.spawn(flow);
    }

    /// Asks for an effect that has no answer.
    #[inline(never)]
    pub fn ask(&self, effect: Effect) {
        self.effects.borrow_mut().push(effect);
    }

    /// Takes all effects, oldest first.
    pub(super) fn take_effects(&self) -> Vec<Effect> {
        self.effects.take()
    }

    /// Asks for an effect, which `effect` makes from its id, and awaits what arrives for it.
    pub fn request(self: &Rc<Self>, effect: impl FnOnce(Id) -> Effect) -> Pending {
        let pending = self.expect_answer();
        self.ask(effect(pending.id));
        pending
    }

    #[inline(never)]
    fn expect_answer(self: &Rc<Self>) -> Pending {
        let id = self.newest_id.get() + 1;
        self.newest_id.set(id);
        self.replies.borrow_mut().push((id, Reply::default()));
        Pending { io: self.clone(), id }
    }

    /// Hands what arrived to the flow that awaits it; ignores it if there is none.
    pub(super) fn deliver(&self, id: Id, arrived: Arrived) {
        let waker = self.with_reply(id, |reply| {
            reply.arrived.push(arrived);
            reply.waker.take()
        });
        if let Some(waker) = waker.flatten() {
            waker.wake();
        }
    }

    fn with_reply<T>(&self, id: Id, with: impl FnOnce(&mut Reply) -> T) -> Option<T> {
        let mut replies = self.replies.borrow_mut();
        // Ids increase, so the list is sorted.
        let at = replies.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        replies.get_mut(at).map(|(_, reply)| with(reply))
    }

    /// Returns a timer that ends after `ms`; the process stays alive for it.
    pub fn timer(self: &Rc<Self>, ms: i64) -> Timer {
        Timer::new(&self.timers, self.clock() + ms.max(0) as f64, true)
    }

    /// Runs `work` for at most `ms`; then drops it, which ends what it had under way.
    pub async fn within<T>(self: &Rc<Self>, ms: i64, work: LocalBoxFuture<'_, T>) -> Option<T> {
        first(self.timer(ms), work).await.ok()
    }

    /// Returns a number from 0 to below `limit`, for jitter; no secret.
    pub fn random_below(&self, limit: i64) -> i64 {
        (self.random() * limit as f64) as i64
    }

    /// Returns a number from 0 to below 1, for jitter; no secret (SplitMix64).
    pub fn random(&self) -> f64 {
        let state = self.jitter.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
        self.jitter.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Returns the number of a new call, by which events name it.
    pub fn next_call_number(&self) -> u32 {
        let number = self.newest_call.get().wrapping_add(1);
        self.newest_call.set(number);
        number
    }

    /// Returns an id that differs from that of every other request: 22 characters of base64url. No secret: it counts on from a random number.
    pub fn request_id(&self) -> String {
        let id = self.newest_request.get().wrapping_add(1);
        self.newest_request.set(id);
        base64url::encode(&id.to_be_bytes())
    }

    /// Returns so many tokens of 256 random bits in base64url, 43 characters each.
    pub async fn random_tokens(self: &Rc<Self>, count: usize) -> Result<Vec<String>> {
        match self.request(|id| Effect::Random { id, length: count * 32 }).await {
            Ok(Answer::Bytes(bytes)) if bytes.len() == count * 32 => {
                Ok(bytes.chunks(32).map(base64url::encode).collect())
            }
            _ => Err(Error::of(Kind::NoRandomness)),
        }
    }

    /// Returns one token of 256 random bits in base64url, 43 characters.
    pub async fn random_token(self: &Rc<Self>) -> Result<String> {
        Ok(self.random_tokens(1).await?.pop().unwrap_or_default())
    }
}

/// An effect that is not answered yet. Dropping it makes the engine ignore what still arrives for it.
pub struct Pending {
    io: Rc<Io>,
    id: Id,
}

impl Pending {
    /// Returns the effect's id.
    pub fn id(&self) -> Id {
        self.id
    }

    /// Waits for what arrives next.
    pub async fn next(&mut self) -> Arrived {
        poll_fn(|context| self.poll_next(context)).await
    }

    fn poll_next(&self, context: &Context<'_>) -> Poll<Arrived> {
        let arrived = self.io.with_reply(self.id, |reply| {
            let arrived = if reply.arrived.is_empty() { None } else { Some(reply.arrived.remove(0)) };
            if arrived.is_none() {
                reply.waker = Some(context.waker().clone());
            }
            arrived
        });
        arrived.flatten().map_or(Poll::Pending, Poll::Ready)
    }
}

impl Future for Pending {
    type Output = core::result::Result<Answer, Vec<Cause>>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.poll_next(context).map(|arrived| match arrived {
            Arrived::Answer(answer) => Ok(answer),
            Arrived::Refused(causes) => Err(causes),
            // Only an effect `Send` has these, and it is awaited by `next`.
            Arrived::Head(..) | Arrived::Body(_) | Arrived::Failed(..) => Err(Vec::new()),
        })
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        let mut replies = self.io.replies.borrow_mut();
        if let Ok(at) = replies.binary_search_by_key(&self.id, |(id, _)| *id) {
            let removed = replies.remove(at);
            drop(replies);
            drop(removed);
        }
    }
}

/// Runs `work` until it ends or `end` does; then `work` is dropped, which ends what it had under way. If both end in the same turn,
/// `end` counts.
pub async fn first<T, E>(
    end: impl Future<Output = E>,
    mut work: LocalBoxFuture<'_, T>,
) -> core::result::Result<T, E> {
    let mut end = core::pin::pin!(end);
    poll_fn(|context| {
        if let Poll::Ready(end) = end.as_mut().poll(context) {
            return Poll::Ready(Err(end));
        }
        work.as_mut().poll(context).map(Ok)
    })
    .await
}
