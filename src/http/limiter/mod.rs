//! The rate limiter: which call may be sent when, as a state machine that is given the time.
//!
//! A call is enqueued under a ticket, granted by [`Limiter::next`] and ended by [`Limiter::finished`] as soon as its answer's
//! headers are there. Every attempt of a call needs a grant of its own. Instants are milliseconds of one clock that never
//! runs backward.
//!
//! It holds a server's limits whenever between sending and answer a call is counted, in sliding and in fixed windows, as
//! long as no other client uses the same quota. If one does, responses say how much is left, and the limiter follows them.
//!
//! A refusal that is to last for longer than an hour is not believed for longer: then one call an hour is a probe, whose success ends it.

mod headers;
mod limits;
mod queue;
#[cfg(test)]
mod simulation;
mod sliding_window_log;

pub use headers::{RateHeaders, Reading};
pub use limits::{Limits, Window};

use queue::Queue;
use sliding_window_log::SlidingWindowLog;

/// The caller's number of a waiting or granted attempt, unique among them.
pub type Ticket = u32;

/// The order of waiting calls: a person's before work in the background.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Priority {
    /// Goes first.
    Interactive,
    /// Goes when no interactive call waits, or after too many of them have passed it.
    Background,
}

/// An attempt that wants to be sent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QueuedCall {
    /// Its priority.
    pub priority: Priority,
    /// Sessions of one priority take turns; the caller chooses the number.
    pub session: u32,
    /// The attempt's number.
    pub ticket: Ticket,
    /// The latest useful instant of a grant.
    pub deadline: f64,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Next {
    /// Send this one, and ask again.
    Grant(Ticket),
    /// Fail this one, whose deadline comes before the next grant can, and ask again.
    TooLate {
        /// The attempt, which no longer waits.
        ticket: Ticket,
        /// When a grant is possible.
        retry_at: f64,
    },
    /// Ask again then, or when something is enqueued, cancelled or finished.
    WaitUntil(f64),
    /// Ask again when something is finished: only an answer makes room.
    WaitForAnswer,
    /// No attempt waits.
    Idle,
}

/// The tightest limit as it stands, and the queue.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct State {
    /// How many calls the tightest window allows; absent where nothing is limited.
    pub limit: Option<u32>,
    /// How many more could be sent now.
    pub remaining: Option<u32>,
    /// When all of it will be free again, were nothing more sent.
    pub resets_at: Option<f64>,
    /// How many wait.
    pub queued: u32,
    /// Until when the server's refusal holds everything up.
    pub paused_until: Option<f64>,
    /// When one call may be sent before that, to see whether the server still refuses.
    pub probe_at: Option<f64>,
}

/// The limiter of one client id.
#[derive(Debug, Default)]
pub struct Limiter {
    off: bool,
    /// The configured ones, then those that answers announced.
    windows: Vec<Window>,
    configured: usize,
    observed: Vec<ObservedQuota>,
    observed_at: f64,
    log: SlidingWindowLog,
    queue: Queue,
    pause: Pause,
    probe: Probe,
    held_until: f64,
}

/// No more than `left` calls before `until`: the server counts calls that aren't ours.
#[derive(Debug, Clone, Copy)]
struct ObservedQuota {
    left: u32,
    until: f64,
    noted: f64,
}

/// The pause after 429 responses.
#[derive(Debug, Default)]
struct Pause {
    since: f64,
    until: f64,
    noted: f64,
    /// Consecutive 429 responses without `Retry-After`.
    unexplained: u32,
}

/// The one call that may be sent although the server refuses all of them for longer than an hour.
#[derive(Debug, Default)]
struct Probe {
    /// When the last one was granted.
    at: f64,
    /// Which call that is.
    ticket: Option<Ticket>,
}

/// The longest time that a refusal counts without a probe, in milliseconds.
const BELIEVED_FOR: f64 = 3_600_000.0;

/// The most windows that are learned from responses.
const MOST_LEARNT: usize = 8;
const DAY: f64 = 86_400_000.0;

impl Limiter {
    /// Makes a limiter that keeps to all of the windows at once, and to what responses announce.
    pub fn new(windows: &[Window]) -> Self {
        Self { windows: windows.to_vec(), configured: windows.len(), ..Self::default() }
    }

    /// A limiter of these limits; of none, one that grants everything at once and on which answers leave no memory.
    pub fn of(limits: Option<Limits>) -> Self {
        match limits {
            Some(limits) => Self::new(&limits.windows()),
            None => Self { off: true, ..Self::default() },
        }
    }

    /// Adds an attempt to the queue.
    pub fn enqueue(&mut self, call: &QueuedCall) {
        self.queue.push(call);
    }

    /// Returns what to do now. The caller asks again until the answer is to wait or that the queue is empty.
    pub fn next(&mut self, now: f64) -> Next {
        if self.queue.is_empty() {
            return Next::Idle;
        }
        let at = self.free_at(&self.log, &self.observed, now);
        if at > now {
            if at == f64::INFINITY {
                return Next::WaitForAnswer;
            }
            return match self.queue.too_late(at) {
                Some(ticket) => Next::TooLate { ticket, retry_at: at },
                None => Next::WaitUntil(at),
            };
        }
        let Some(ticket) = self.queue.pop(now) else { return Next::Idle };
        if self.refused_until(&self.observed, now) > now {
            self.probe = Probe { at: now, ticket: Some(ticket) };
        }
        if !self.off {
            self.log.send(ticket, now);
            spend(&mut self.observed);
        }
        Next::Grant(ticket)
    }

    /// Cancels an attempt. A waiting attempt leaves the queue. A granted attempt may have been sent, so it counts as answered now.
    /// For a finished attempt nothing happens.
    pub fn cancel(&mut self, ticket: Ticket, now: f64) {
        if !self.queue.remove(ticket) {
            self.probe_again(ticket);
            self.log.answer(ticket, now, self.longest());
        }
    }

    /// Gives back the grant of an attempt that was never sent.
    pub fn give_back(&mut self, ticket: Ticket) {
        self.probe_again(ticket);
        self.log.forget(ticket);
    }

    /// Ends an attempt that was answered, or that failed (then `headers` is the default).
    pub fn finished(&mut self, ticket: Ticket, now: f64, headers: &RateHeaders) {
        let Some(sent) = self.log.sent(ticket) else { return };
        // Before the call is counted: it counts in a window that its own answer announces.
        self.learn(&headers.readings);
        self.log.answer(ticket, now, self.longest());
        if headers.status == 0 {
            self.probe_again(ticket);
        } else if self.probe.ticket == Some(ticket) && (200..300).contains(&headers.status) {
            self.pause.until = now;
            self.observed.clear();
        }
        self.observe(&headers.readings, sent, now);
        self.pause.note(headers, sent, now);
    }

    /// A probe that was not answered makes room for the next one.
    fn probe_again(&mut self, ticket: Ticket) {
        if self.probe.ticket == Some(ticket) {
            self.probe = Probe::default();
        }
    }

    /// Returns whether an attempt waits that this limiter would grant now, so that a shared limit can be asked for it.
    pub fn is_ready(&self, now: f64) -> bool {
        !self.queue.is_empty() && self.free_at(&self.log, &self.observed, now) <= now
    }

    /// Grants nothing before `until`, because the shared limit is used up.
    pub fn hold(&mut self, until: f64) {
        self.held_until = until;
    }

    /// Returns the windows for a shared limit: the most calls, and how long each counts after its response.
    pub fn windows(&self) -> Vec<(u32, f64)> {
        self.windows.iter().map(|window| (window.limit, window.padded_ms())).collect()
    }

    /// Returns the tightest limit and the queue's length.
    pub fn state(&self, now: f64) -> State {
        let mut state = State {
            queued: self.queue.queued(Priority::Interactive) + self.queue.queued(Priority::Background),
            paused_until: Some(self.pause.until).filter(|until| *until > now),
            probe_at: Some(self.probe_at(&self.observed, now))
                .filter(|at| *at < self.refused_until(&self.observed, now)),
            ..State::default()
        };
        let tighter = |than: Option<u32>, remaining: u32| than.is_none_or(|than| remaining < than);
        for &window in &self.windows {
            let remaining = self.log.remaining(window, now);
            if tighter(state.remaining, remaining) {
                state.limit = Some(window.limit);
                state.remaining = Some(remaining);
                state.resets_at = self.log.empty_at(window, now);
            }
        }
        for quota in self.observed.iter().filter(|quota| quota.until > now) {
            if tighter(state.remaining, quota.left) {
                state.remaining = Some(quota.left);
                state.resets_at = Some(quota.until);
            }
        }
        state
    }

    /// In how many milliseconds `calls` further calls of this priority would have been granted, after those that wait before them.
    /// Answers are taken to come at once.
    pub fn estimate(&self, now: f64, priority: Priority, calls: u32) -> f64 {
        const COUNTED: u32 = 10_000;
        let before = match priority {
            Priority::Interactive => self.queue.queued(Priority::Interactive),
            Priority::Background => self.state(now).queued,
        };
        let calls = before.saturating_add(calls);
        let (mut log, mut observed, mut at) = (self.log.settled(now), self.observed.clone(), now);
        for _ in 0..calls.min(COUNTED) {
            at = self.free_at(&log, &observed, at).max(at);
            log.count(at);
            spend(&mut observed);
        }
        let slowest =
            self.windows.iter().fold(0.0, |most: f64, w| most.max(w.padded_ms() / f64::from(w.limit)));
        at - now + f64::from(calls.saturating_sub(COUNTED)) * slowest
    }

    /// From when on one more call may be sent.
    fn free_at(&self, log: &SlidingWindowLog, observed: &[ObservedQuota], now: f64) -> f64 {
        let at = self.probe_at(observed, now).max(self.held_until);
        self.windows.iter().fold(at, |at, window| at.max(log.free_at(*window)))
    }

    /// Returns until when the server refuses every call: because of a 429, or of a quota that is used up.
    fn refused_until(&self, observed: &[ObservedQuota], now: f64) -> f64 {
        self.refusals(observed, now).fold(0.0, |latest: f64, (_, until)| latest.max(until))
    }

    /// From when on one call may be sent in spite of that: at its end, or as a probe.
    fn probe_at(&self, observed: &[ObservedQuota], now: f64) -> f64 {
        let believed = |noted: f64, until: f64| until.min(noted.max(self.probe.at) + BELIEVED_FOR).max(now);
        self.refusals(observed, now)
            .fold(0.0, |latest: f64, (noted, until)| latest.max(believed(noted, until)))
    }

    /// The refusals that hold now: when they came, and until when they hold.
    fn refusals(&self, observed: &[ObservedQuota], now: f64) -> impl Iterator<Item = (f64, f64)> {
        let spent = observed.iter().filter(|quota| quota.left == 0).map(|quota| (quota.noted, quota.until));
        core::iter::once((self.pause.noted, self.pause.until))
            .chain(spent)
            .filter(move |(_, until)| *until > now)
    }

    fn longest(&self) -> f64 {
        self.windows.iter().fold(0.0, |longest, window| longest.max(window.padded_ms()))
    }

    /// Adopts the windows that an answer announces, in the place of those of an earlier answer. The configured ones stay.
    fn learn(&mut self, readings: &[Reading]) {
        let earlier = self.windows.len();
        for reading in readings.iter().take(MOST_LEARNT) {
            if let Some(window) = self.announced(reading) {
                self.windows.push(window);
            }
        }
        if self.windows.len() > earlier {
            self.windows.drain(self.configured..earlier);
        }
    }

    fn announced(&self, reading: &Reading) -> Option<Window> {
        let limit = reading.limit.filter(|limit| *limit > 0)?;
        let mut ms = reading.window.or(reading.resets_in)?;
        if reading.window.is_none() {
            // It is at least as long as the longest time to a reset that a response gave.
            for (index, known) in self.windows.iter().enumerate().filter(|(_, known)| known.limit == limit) {
                if index < self.configured && may_be_about(reading, known) {
                    return None;
                }
                ms = if index < self.configured { ms } else { ms.max(known.ms) };
            }
        }
        (ms > 0.0 && ms <= DAY).then_some(Window { limit, ms })
    }

    /// Notes what is left where that is less than our own calls explain.
    ///
    /// Answers overtake each other. One whose request was sent after the last one was read is newer for certain and
    /// replaces what was known; of any other, what is tighter is added. Calls in flight are taken as counted already.
    fn observe(&mut self, readings: &[Reading], sent: f64, now: f64) {
        if !readings.is_empty() && sent >= self.observed_at {
            self.observed.clear();
            self.observed_at = now;
        }
        self.observed.retain(|quota| quota.until > now);
        for reading in readings {
            let (Some(left), Some(resets_in)) = (reading.remaining, reading.resets_in) else { continue };
            if !self.explains(reading, left, sent) {
                self.observed.push(ObservedQuota { left, until: now + resets_in, noted: now });
            }
        }
    }

    /// Whether a window that the reading may be about leaves no more than the server does. What counted at the sending may
    /// have counted when the server looked.
    fn explains(&self, reading: &Reading, left: u32, sent: f64) -> bool {
        let mut windows = self.windows.iter().filter(|window| may_be_about(reading, window));
        windows.any(|window| self.log.remaining(*window, sent) <= left)
    }
}

impl Pause {
    /// Pauses after 429: for `Retry-After`, else until the reset of a quota that is used up, else for a second, doubled each time
    /// up to a minute.
    fn note(&mut self, headers: &RateHeaders, sent: f64, now: f64) {
        // A response to a call that was sent before the pause does not change its length.
        let is_current = sent >= self.since;
        match headers.status {
            0 => return,
            429 => {}
            _ => {
                self.unexplained = if is_current { 0 } else { self.unexplained };
                return;
            }
        }
        let wait = match headers.retry_after.or_else(|| headers.exhausted_for()) {
            Some(wait) => wait,
            None => {
                self.unexplained =
                    if is_current { (self.unexplained + 1).min(7) } else { self.unexplained.max(1) };
                (500.0 * f64::from(1u32 << self.unexplained)).min(60_000.0)
            }
        };
        if is_current {
            self.since = now;
        }
        self.until = self.until.max(now + wait);
        self.noted = now;
    }
}

fn may_be_about(reading: &Reading, window: &Window) -> bool {
    // No reset is later than the window is long, but for the rounding to seconds.
    reading.limit.is_none_or(|limit| limit == window.limit || reading.window.is_some())
        && reading.window.is_none_or(|ms| ms == window.ms)
        && reading.resets_in.is_none_or(|ms| ms <= window.ms + 1000.0)
}

fn spend(observed: &mut [ObservedQuota]) {
    for quota in observed {
        quota.left = quota.left.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOWS: [Window; 2] = [Window { limit: 4, ms: 60_000.0 }, Window { limit: 2, ms: 10_000.0 }];
    const MINUTE: f64 = 60_130.0;
    const TEN_SECONDS: f64 = 10_030.0;

    fn call(ticket: Ticket) -> QueuedCall {
        QueuedCall { priority: Priority::Background, session: 1, ticket, deadline: f64::INFINITY }
    }

    fn limiter_with(windows: &[Window], waiting: u32) -> Limiter {
        let mut limiter = Limiter::new(windows);
        (0..waiting).for_each(|ticket| limiter.enqueue(&call(ticket)));
        limiter
    }

    /// Asks until something else than a grant comes.
    fn grants(limiter: &mut Limiter, now: f64) -> (Vec<Ticket>, Next) {
        let mut granted = Vec::new();
        loop {
            match limiter.next(now) {
                Next::Grant(ticket) => granted.push(ticket),
                other => return (granted, other),
            }
        }
    }

    fn answer(status: u16, readings: &[Reading]) -> RateHeaders {
        RateHeaders { status, retry_after: None, readings: readings.to_vec() }
    }

    fn ok() -> RateHeaders {
        answer(200, &[])
    }

    fn left(remaining: u32, resets_in: f64) -> Reading {
        Reading { remaining: Some(remaining), resets_in: Some(resets_in), ..Reading::default() }
    }

    #[test]
    fn both_windows_hold_at_once_and_count_from_the_answer() {
        let mut limiter = limiter_with(&WINDOWS, 6);
        assert_eq!(grants(&mut limiter, 0.0), (vec![0, 1], Next::WaitForAnswer));
        limiter.finished(0, 100.0, &ok());
        assert_eq!(limiter.next(100.0), Next::WaitUntil(100.0 + TEN_SECONDS));
        limiter.finished(1, 200.0, &ok());
        assert_eq!(grants(&mut limiter, 100.0 + TEN_SECONDS).0, [2]);
        assert_eq!(grants(&mut limiter, 200.0 + TEN_SECONDS), (vec![3], Next::WaitForAnswer));
        limiter.finished(2, 10_300.0, &ok());
        limiter.finished(3, 10_400.0, &ok());
        assert_eq!(limiter.next(30_000.0), Next::WaitUntil(100.0 + MINUTE));
        assert_eq!(grants(&mut limiter, 200.0 + MINUTE).0, [4, 5]);
        assert_eq!(limiter.next(70_000.0), Next::Idle);
    }

    #[test]
    fn a_cancelled_call_leaves_the_queue_and_a_sent_one_still_counts() {
        let mut limiter = limiter_with(&WINDOWS, 4);
        limiter.cancel(2, 0.0);
        assert_eq!(grants(&mut limiter, 0.0).0, [0, 1]);
        limiter.cancel(0, 50.0);
        limiter.cancel(0, 60.0);
        limiter.finished(0, 70.0, &ok());
        limiter.finished(1, 80.0, &ok());
        assert_eq!(limiter.next(90.0), Next::WaitUntil(50.0 + TEN_SECONDS));
        assert_eq!(grants(&mut limiter, 80.0 + TEN_SECONDS).0, [3]);
    }

    #[test]
    fn a_grant_that_is_given_back_is_free_again() {
        let mut limiter = limiter_with(&WINDOWS, 3);
        grants(&mut limiter, 0.0);
        limiter.give_back(0);
        assert_eq!(grants(&mut limiter, 0.0).0, [2]);
    }

    #[test]
    fn a_call_whose_deadline_comes_first_fails_at_once_and_is_told_when() {
        let mut limiter = limiter_with(&WINDOWS, 2);
        grants(&mut limiter, 0.0);
        limiter.enqueue(&QueuedCall { deadline: 9000.0, ..call(7) });
        limiter.enqueue(&QueuedCall { deadline: 20_000.0, ..call(8) });
        assert_eq!(limiter.next(0.0), Next::WaitForAnswer);
        limiter.finished(0, 0.0, &ok());
        assert_eq!(limiter.next(0.0), Next::TooLate { ticket: 7, retry_at: TEN_SECONDS });
        assert_eq!(limiter.next(0.0), Next::WaitUntil(TEN_SECONDS));
    }

    #[test]
    fn a_429_pauses_everything_as_long_as_told() {
        let mut limiter = limiter_with(&WINDOWS, 2);
        assert_eq!(limiter.next(0.0), Next::Grant(0));
        limiter.finished(0, 10.0, &RateHeaders { status: 429, retry_after: Some(5000.0), ..ok() });
        assert_eq!(limiter.next(10.0), Next::WaitUntil(5010.0));
        assert_eq!(limiter.state(10.0).paused_until, Some(5010.0));
        assert_eq!(limiter.next(5010.0), Next::Grant(1));
        assert_eq!(limiter.state(5010.0).paused_until, None);
    }

    #[test]
    fn a_429_without_a_time_pauses_longer_each_time_but_once_for_a_burst() {
        let mut limiter = limiter_with(&[], 20);
        let pause = |limiter: &mut Limiter, now: f64| {
            let (granted, _) = grants(limiter, now);
            for ticket in granted {
                limiter.finished(ticket, now + 1.0, &answer(429, &[]));
                limiter.enqueue(&call(ticket));
            }
            limiter.state(now + 1.0).paused_until.unwrap() - now - 1.0
        };
        let mut now = 0.0;
        for expected in [1000.0, 2000.0, 4000.0, 8000.0, 16_000.0, 32_000.0, 60_000.0, 60_000.0] {
            assert_eq!(pause(&mut limiter, now), expected);
            now += expected + 1.0;
        }
        assert_eq!(limiter.next(now), Next::Grant(0));
        limiter.finished(0, now, &ok());
        assert_eq!(pause(&mut limiter, now), 1000.0);
    }

    #[test]
    fn a_429_that_says_when_the_quota_begins_anew_pauses_until_then() {
        let mut limiter = limiter_with(&[], 2);
        limiter.next(0.0);
        limiter.finished(0, 0.0, &answer(429, &[left(0, 3000.0)]));
        assert_eq!(limiter.next(0.0), Next::WaitUntil(3000.0));
    }

    #[test]
    fn switched_off_it_grants_everything_and_remembers_nothing() {
        let mut limiter = Limiter::of(None);
        for ticket in 0..1000 {
            limiter.enqueue(&call(ticket));
            assert_eq!(limiter.next(0.0), Next::Grant(ticket));
            limiter.finished(ticket, 0.0, &answer(429, &[left(0, 60_000.0)]));
        }
        assert_eq!(limiter.state(0.0), State::default());
        assert_eq!(limiter.estimate(0.0, Priority::Background, 1_000_000), 0.0);
    }

    #[test]
    fn a_quota_that_others_use_too_is_not_overdrawn() {
        let mut limiter = limiter_with(&WINDOWS, 4);
        assert_eq!(limiter.next(0.0), Next::Grant(0));
        limiter.finished(0, 10.0, &answer(200, &[left(0, 3000.0)]));
        assert_eq!(limiter.next(10.0), Next::WaitUntil(3010.0));
        assert_eq!(limiter.state(10.0).remaining, Some(0));
        assert_eq!(limiter.next(3010.0), Next::Grant(1));
        assert_eq!(limiter.state(3010.0).resets_at, Some(3010.0 + TEN_SECONDS));
    }

    #[test]
    fn what_our_own_calls_explain_is_no_news() {
        let mut limiter = limiter_with(&WINDOWS, 3);
        grants(&mut limiter, 0.0);
        limiter.finished(0, 10.0, &answer(200, &[left(1, 11_000.0)]));
        limiter.finished(1, 20.0, &answer(200, &[left(0, 11_000.0)]));
        assert_eq!(limiter.next(20.0), Next::WaitUntil(10.0 + TEN_SECONDS));
    }

    #[test]
    fn a_newer_answer_replaces_what_an_older_one_said_and_an_overtaken_one_only_tightens() {
        let mut limiter = limiter_with(&[Window { limit: 100, ms: 60_000.0 }], 50);
        for ticket in 0..3 {
            assert_eq!(limiter.next(0.0), Next::Grant(ticket));
        }
        limiter.finished(0, 10.0, &answer(200, &[left(1, 50_000.0)]));
        limiter.finished(1, 11.0, &answer(200, &[left(40, 50_000.0)]));
        assert_eq!(limiter.state(11.0).remaining, Some(1));
        assert_eq!(grants(&mut limiter, 12.0).0, [3]);
        limiter.finished(3, 20.0, &answer(200, &[left(20, 50_000.0)]));
        assert_eq!(limiter.state(20.0).remaining, Some(20));
        limiter.finished(2, 21.0, &answer(200, &[left(2, 50_000.0)]));
        assert_eq!(grants(&mut limiter, 22.0).0.len(), 2);
    }

    #[test]
    fn windows_that_answers_announce_are_held_from_then_on() {
        let mut limiter = limiter_with(&[], 5);
        assert_eq!(limiter.next(0.0), Next::Grant(0));
        let announced = Reading { limit: Some(3), window: Some(10_000.0), ..left(2, 10_000.0) };
        limiter.finished(0, 0.0, &answer(200, core::slice::from_ref(&announced)));
        assert_eq!(grants(&mut limiter, 0.0).0, [1, 2]);
        limiter.finished(1, 0.0, &answer(200, &[Reading { remaining: Some(0), ..announced.clone() }]));
        limiter.finished(2, 0.0, &ok());
        assert_eq!(limiter.state(0.0).limit, Some(3));
        assert_eq!(limiter.next(0.0), Next::WaitUntil(TEN_SECONDS));
        assert_eq!(grants(&mut limiter, TEN_SECONDS).0, [3, 4]);
    }

    #[test]
    fn a_window_of_unknown_length_is_as_long_as_the_longest_reset() {
        let mut limiter = limiter_with(&[], 40);
        let reading = |remaining, resets_in| Reading { limit: Some(20), ..left(remaining, resets_in) };
        limiter.next(0.0);
        limiter.finished(0, 0.0, &answer(200, &[reading(19, 2000.0)]));
        assert_eq!(limiter.windows, [Window { limit: 20, ms: 2000.0 }]);
        limiter.next(2000.0);
        limiter.finished(1, 2000.0, &answer(200, &[reading(19, 8000.0)]));
        limiter.next(3000.0);
        limiter.finished(2, 3000.0, &answer(200, &[reading(18, 7000.0)]));
        assert_eq!(limiter.windows, [Window { limit: 20, ms: 8000.0 }]);
    }

    #[test]
    fn an_announced_window_never_loosens_a_configured_one() {
        let mut limiter = limiter_with(&WINDOWS, 10);
        limiter.next(0.0);
        let announced = Reading { limit: Some(500), window: Some(10_000.0), ..left(499, 10_000.0) };
        limiter.finished(0, 0.0, &answer(200, &[announced]));
        assert_eq!(grants(&mut limiter, 0.0).0, [1]);
    }

    #[test]
    fn the_call_whose_answer_announces_a_window_counts_in_it() {
        let mut limiter = Limiter::new(&[]);
        (0..9).for_each(|ticket| limiter.enqueue(&call(ticket)));
        let announced =
            |left| Reading { limit: Some(3), window: Some(10_000.0), ..self::left(left, 10_000.0) };
        assert_eq!(limiter.next(0.0), Next::Grant(0));
        limiter.finished(0, 1.0, &answer(200, &[announced(2)]));
        assert_eq!(grants(&mut limiter, 1.0).0, [1, 2]);
        limiter.finished(1, 2.0, &answer(200, &[announced(1)]));
        limiter.finished(2, 2.0, &answer(200, &[announced(0)]));
        assert_eq!(grants(&mut limiter, 2.0).0, [] as [Ticket; 0]);
    }

    #[test]
    fn while_a_shared_limit_is_used_up_nothing_is_granted_and_who_cannot_wait_is_told() {
        let mut limiter = limiter_with(&WINDOWS, 1);
        limiter.enqueue(&QueuedCall { deadline: 400.0, ..call(7) });
        assert!(limiter.is_ready(0.0));
        limiter.hold(500.0);
        assert!(!limiter.is_ready(0.0));
        assert_eq!(limiter.next(0.0), Next::TooLate { ticket: 7, retry_at: 500.0 });
        assert_eq!(limiter.next(0.0), Next::WaitUntil(500.0));
        assert!(limiter.is_ready(500.0));
        assert_eq!(limiter.next(500.0), Next::Grant(0));
        assert!(!limiter.is_ready(500.0));
        assert_eq!(limiter.windows(), WINDOWS.map(|window| (window.limit, window.padded_ms())));
    }

    #[test]
    fn the_estimate_is_when_the_last_of_them_would_be_granted() {
        let mut limiter = limiter_with(&WINDOWS, 2);
        grants(&mut limiter, 0.0);
        limiter.finished(0, 0.0, &ok());
        limiter.finished(1, 0.0, &ok());
        let estimate = |limiter: &Limiter, calls| limiter.estimate(0.0, Priority::Background, calls);
        assert_eq!(estimate(&limiter, 0), 0.0);
        assert_eq!([1, 2, 3].map(|n| estimate(&limiter, n)), [TEN_SECONDS, TEN_SECONDS, MINUTE]);
        limiter.enqueue(&call(5));
        limiter.enqueue(&call(6));
        assert_eq!(estimate(&limiter, 1), MINUTE);
        assert_eq!(limiter.estimate(0.0, Priority::Interactive, 1), TEN_SECONDS);
        let million = estimate(&limiter, 1_000_000);
        assert!((million / (1_000_000.0 / 4.0 * MINUTE) - 1.0).abs() < 0.01, "{million}");
    }

    /// A limiter whose server refused everything for a day at 0, with calls 1 to 9 waiting.
    fn refused_for_a_day(by: &RateHeaders) -> Limiter {
        let mut limiter = limiter_with(&[], 10);
        assert_eq!(limiter.next(0.0), Next::Grant(0));
        limiter.finished(0, 0.0, by);
        limiter
    }

    #[test]
    fn after_an_hour_of_a_longer_refusal_one_call_probes_and_its_success_ends_the_refusal() {
        const DAY: f64 = 86_400_000.0;
        for by in [
            RateHeaders { retry_after: Some(DAY), ..answer(429, &[]) },
            answer(429, &[left(0, DAY)]),
            answer(200, &[left(0, DAY)]),
        ] {
            let mut limiter = refused_for_a_day(&by);
            assert_eq!(limiter.next(1.0), Next::WaitUntil(BELIEVED_FOR));
            assert_eq!(limiter.state(1.0).probe_at, Some(BELIEVED_FOR));
            // One probe, and while it is under way no other.
            assert_eq!(
                grants(&mut limiter, BELIEVED_FOR),
                (vec![1], Next::WaitUntil(2.0 * BELIEVED_FOR)),
                "{by:?}"
            );
            assert_eq!(limiter.state(BELIEVED_FOR + 1.0).probe_at, Some(2.0 * BELIEVED_FOR));
            limiter.finished(1, BELIEVED_FOR + 5.0, &ok());
            assert_eq!(limiter.state(BELIEVED_FOR + 5.0).paused_until, None);
            assert_eq!(limiter.state(BELIEVED_FOR + 5.0).probe_at, None);
            assert_eq!(grants(&mut limiter, BELIEVED_FOR + 5.0).0, [2, 3, 4, 5, 6, 7, 8, 9]);
        }
    }

    #[test]
    fn a_probe_that_is_refused_is_the_only_one_for_an_hour_and_one_that_is_not_sent_is_none() {
        let refusal = RateHeaders { retry_after: Some(86_400_000.0), ..answer(429, &[]) };
        let mut limiter = refused_for_a_day(&refusal);
        assert_eq!(limiter.next(BELIEVED_FOR), Next::Grant(1));
        limiter.finished(1, BELIEVED_FOR + 7.0, &refusal);
        assert_eq!(limiter.next(BELIEVED_FOR + 7.0), Next::WaitUntil(2.0 * BELIEVED_FOR + 7.0));
        // Given back, cancelled, or without an answer: the next one probes.
        let mut now = 2.0 * BELIEVED_FOR + 7.0;
        assert_eq!(limiter.next(now), Next::Grant(2));
        limiter.give_back(2);
        assert_eq!(limiter.next(now), Next::Grant(3));
        limiter.cancel(3, now);
        assert_eq!(limiter.next(now), Next::Grant(4));
        limiter.finished(4, now, &RateHeaders::default());
        assert_eq!(limiter.next(now), Next::Grant(5));
        // An answer that is neither success nor refusal says nothing of the limit.
        limiter.finished(5, now + 1.0, &answer(503, &[]));
        assert_eq!(limiter.next(now + 1.0), Next::WaitUntil(now + BELIEVED_FOR));
        now += BELIEVED_FOR;
        assert_eq!(limiter.next(now), Next::Grant(6));
        limiter.finished(6, now, &ok());
        assert_eq!(grants(&mut limiter, now).0, [7, 8, 9]);
    }

    #[test]
    fn a_refusal_of_an_hour_or_less_is_obeyed_to_its_end_and_a_call_after_it_is_no_probe() {
        let mut limiter =
            refused_for_a_day(&RateHeaders { retry_after: Some(BELIEVED_FOR), ..answer(429, &[]) });
        assert_eq!(limiter.state(1.0).probe_at, None);
        assert_eq!(limiter.next(BELIEVED_FOR - 1.0), Next::WaitUntil(BELIEVED_FOR));
        assert_eq!(grants(&mut limiter, BELIEVED_FOR).0.len(), 9);
    }

    #[test]
    fn the_state_is_that_of_the_tightest_window() {
        let mut limiter = limiter_with(&WINDOWS, 5);
        let full = State { limit: Some(2), remaining: Some(2), queued: 5, ..State::default() };
        assert_eq!(limiter.state(0.0), full);
        grants(&mut limiter, 0.0);
        limiter.finished(0, 0.0, &ok());
        let spent = State { remaining: Some(0), resets_at: Some(5.0 + TEN_SECONDS), queued: 3, ..full };
        assert_eq!(limiter.state(5.0), spent);
    }
}
