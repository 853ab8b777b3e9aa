//! What is known of a refresh token beyond its value, and when it may be sent again.

use crate::json::{FieldError, Fields, ObjectWriter};

/// Servers with a grace window answer a second use of a rotated token for so long, in milliseconds.
const GRACE_MS: i64 = 5_000;
/// The pause before the first repetition, which is to fall into the grace window.
const FIRST_PAUSE_MS: i64 = 750;
/// The pause before the second repetition; every further one is twice as long.
const PAUSE_MS: i64 = 5_000;
/// The longest pause between two repetitions.
const LONGEST_PAUSE_MS: i64 = 300_000;

/// What is known of a refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshTokenState {
    /// Every use of it was answered.
    Valid,
    /// It was sent, and no readable answer arrived (`docs/refresh.md#unknown-outcome`).
    Unanswered(Unanswered),
    /// The server refused it, which is final (`docs/security.md#final-refusal`).
    Rejected,
}

/// The uses of a refresh token whose outcome is unknown. All holders of the session share it through the token store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unanswered {
    /// How often it was sent.
    pub attempts: u32,
    /// When it was sent first, in milliseconds since the epoch.
    pub first_sent_at: i64,
    /// The earliest instant of the next use, in milliseconds since the epoch.
    pub not_before: i64,
}

/// Whether a refresh token may be sent now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// It may.
    Send,
    /// It may from that instant on, which falls into the grace window.
    Wait(i64),
    /// It may not before that instant, or not while the access token works.
    Refuse(i64),
    /// The server refused it before.
    Never,
}

impl RefreshTokenState {
    /// Decides whether the token may be sent at `now`. `needed`: the access token does not work any more.
    pub fn permission(self, now: i64, needed: bool) -> Permission {
        let uses = match self {
            Self::Valid => return Permission::Send,
            Self::Rejected => return Permission::Never,
            Self::Unanswered(uses) => uses,
        };
        let grace_ends = uses.first_sent_at.saturating_add(GRACE_MS);
        let in_grace = uses.attempts <= 1 && uses.not_before <= grace_ends;
        // A pause that is longer than any comes from a clock that was set back since.
        let waits = now < uses.not_before && uses.not_before <= now.saturating_add(LONGEST_PAUSE_MS);
        if waits {
            return if in_grace {
                Permission::Wait(uses.not_before)
            } else {
                Permission::Refuse(uses.not_before)
            };
        }
        if needed || (in_grace && now <= grace_ends) {
            Permission::Send
        } else {
            Permission::Refuse(uses.not_before)
        }
    }

    /// Returns the state while the token, sent at `sent_at`, has no answer at `now`.
    pub fn unanswered(self, sent_at: i64, now: i64) -> Self {
        let (attempts, first_sent_at) = match self {
            Self::Unanswered(uses) => (uses.attempts.saturating_add(1), uses.first_sent_at),
            _ => (1, sent_at),
        };
        let pause = match attempts.checked_sub(2) {
            None => FIRST_PAUSE_MS,
            Some(doublings) => (PAUSE_MS << doublings.min(10)).min(LONGEST_PAUSE_MS),
        };
        Self::Unanswered(Unanswered { attempts, first_sent_at, not_before: now.saturating_add(pause) })
    }

    /// Joins what two holders know of one token: a refusal counts most, then the greater number of uses.
    pub fn joined(self, other: Self) -> Self {
        match (self, other) {
            (Self::Rejected, _) | (_, Self::Rejected) => Self::Rejected,
            (Self::Valid, known) | (known, Self::Valid) => known,
            (Self::Unanswered(here), Self::Unanswered(there)) => {
                let more = (there.attempts, there.not_before) > (here.attempts, here.not_before);
                if more { other } else { self }
            }
        }
    }

    /// Writes it into a stored grant.
    pub fn write(self, out: &mut ObjectWriter) {
        match self {
            Self::Valid => {}
            Self::Rejected => {
                out.flag("refreshTokenRejected", true);
            }
            Self::Unanswered(uses) => {
                let mut stored = ObjectWriter::new();
                stored.number("attempts", uses.attempts.into());
                stored.number("firstSentAt", uses.first_sent_at).number("notBefore", uses.not_before);
                out.raw("unanswered", &stored.finish());
            }
        }
    }

    /// Reads what [`RefreshTokenState::write`] wrote.
    pub fn read(fields: Fields<'_>) -> Result<Self, FieldError> {
        if fields.flag("refreshTokenRejected")?.unwrap_or_default() {
            return Ok(Self::Rejected);
        }
        let Some(stored) = fields.object("unanswered", "unanswered")? else { return Ok(Self::Valid) };
        let number = |name: &str| Ok::<_, FieldError>(stored.number(name)?.unwrap_or_default());
        Ok(Self::Unanswered(Unanswered {
            attempts: u32::try_from(number("attempts")?).unwrap_or(u32::MAX),
            first_sent_at: number("firstSentAt")?,
            not_before: number("notBefore")?,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;
    use proptest::prelude::*;

    const T: i64 = 1_700_000_000_000;

    fn uses(state: RefreshTokenState) -> Unanswered {
        match state {
            RefreshTokenState::Unanswered(uses) => uses,
            other => panic!("{other:?}"),
        }
    }

    /// Rule: `unknown-outcome`.
    #[test]
    fn sent_once_more_in_the_grace_window_when_the_access_token_works() {
        let state = RefreshTokenState::Valid.unanswered(T, T + 100);
        let at = uses(state).not_before;
        assert!(at < T + GRACE_MS);
        assert_eq!(state.permission(T + 100, false), Permission::Wait(at));
        assert_eq!(state.permission(at, false), Permission::Send);
        assert_eq!(state.permission(T + GRACE_MS, false), Permission::Send);
        assert_eq!(state.permission(T + GRACE_MS + 1, false), Permission::Refuse(at));
        let twice = state.unanswered(at, at + 100);
        assert_eq!(twice.permission(at + 100, false), Permission::Refuse(at + 100 + PAUSE_MS));
        assert_eq!(twice.permission(T + 3_600_000, false), Permission::Refuse(at + 100 + PAUSE_MS));
    }

    /// Rule: `unknown-outcome`.
    #[test]
    fn sent_again_when_the_access_token_does_not_work_and_the_pause_is_over() {
        let mut state = RefreshTokenState::Valid.unanswered(T, T);
        let mut pauses = Vec::new();
        let mut now = T;
        for _ in 0..10 {
            now = uses(state).not_before;
            assert_eq!(state.permission(now, true), Permission::Send);
            state = state.unanswered(now, now);
            pauses.push(uses(state).not_before - now);
            assert_eq!(state.permission(now, true), Permission::Refuse(uses(state).not_before));
        }
        assert_eq!(pauses, [5, 10, 20, 40, 80, 160, 300, 300, 300, 300].map(|seconds| seconds * 1000));
        // A clock that was set back by a day does not end the session.
        assert_eq!(state.permission(now - 86_400_000, true), Permission::Send);
    }

    /// Rule: `unknown-outcome`.
    #[test]
    fn not_repeated_in_the_grace_window_when_the_answer_was_awaited_for_longer() {
        let state = RefreshTokenState::Valid.unanswered(T, T + 120_000);
        let at = uses(state).not_before;
        assert_eq!(state.permission(T + 120_000, false), Permission::Refuse(at));
        assert_eq!(state.permission(at, false), Permission::Refuse(at));
        assert_eq!(state.permission(at, true), Permission::Send);
    }

    /// Rule: `final-refusal`.
    #[test]
    fn a_refusal_is_final() {
        assert_eq!(RefreshTokenState::Rejected.permission(T, true), Permission::Never);
        let known = RefreshTokenState::Valid.unanswered(T, T);
        assert_eq!(known.joined(RefreshTokenState::Rejected), RefreshTokenState::Rejected);
        assert_eq!(RefreshTokenState::Valid.joined(known), known);
        assert_eq!(known.joined(known.unanswered(T, T)), known.unanswered(T, T));
    }

    proptest! {
        #[test]
        fn it_comes_back_from_the_store(attempts: u32, first_sent_at in 0i64..1 << 50, not_before in 0i64..1 << 50, kind in 0..3) {
            let state = match kind {
                0 => RefreshTokenState::Valid,
                1 => RefreshTokenState::Rejected,
                _ => RefreshTokenState::Unanswered(Unanswered { attempts, first_sent_at, not_before }),
            };
            let mut out = ObjectWriter::new();
            state.write(&mut out);
            let value = json::parse(out.finish().as_bytes()).unwrap();
            prop_assert_eq!(RefreshTokenState::read(Fields::of("session", &value).unwrap()).unwrap(), state);
        }
    }
}
