//! What a seed stands for: how many processes, what they do, and what goes wrong.

use super::clock::Instant;
use super::random::Random;
use super::{api_server, authorization_server, network, store};

/// What is simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Sessions whose tokens are renewed by several processes.
    Sessions,
    /// Rows that are paged through and synchronized.
    Rows,
    /// Calls that wait for a rate limit.
    RateLimit,
}

/// One simulation.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Its subject.
    pub subject: Subject,
    /// The options of the clients, beside those that all have.
    pub client_options: String,
    /// How many processes there are.
    pub processes: usize,
    /// How many clients each process has.
    pub clients: usize,
    /// How many sessions there are.
    pub sessions: usize,
    /// How many jobs there are.
    pub jobs: usize,
    /// The network.
    pub network: network::Habits,
    /// The token store.
    pub store: store::Habits,
    /// The authorization server.
    pub authorization_server: authorization_server::Habits,
    /// The API.
    pub api: api_server::Habits,
    /// Whether processes share their rate limit.
    pub shares_limit: bool,
    /// In how many of a hundred thousand effects a process ends.
    pub crashes: u64,
    /// In how many of a hundred thousand effects a process stands still for a while.
    pub stalls: u64,
    /// How many of a thousand calls their caller aborts.
    pub aborts: u64,
    /// By how much a wall clock may be off, in milliseconds.
    pub clock_skew: u64,
    /// From when on nothing fails any more.
    pub calm_from: Instant,
    /// When the server ends a session.
    pub end: Option<(Instant, usize)>,
}

impl Scenario {
    /// Returns the simulation of a subject that a seed stands for.
    pub fn new(subject: Subject, random: &mut Random) -> Self {
        match subject {
            Subject::Sessions => Self::sessions(random),
            Subject::Rows => Self::rows(random),
            Subject::RateLimit => Self::rate_limit(random),
        }
    }

    /// Returns the simplest scenario: one process, one session, one job, and nothing fails.
    pub fn plain(subject: Subject) -> Self {
        Self {
            subject,
            client_options: String::new(),
            processes: 1,
            clients: 1,
            sessions: 1,
            jobs: 1,
            network: network::Habits { latency: (10, 10), faults: 0, slow_tokens: 0 },
            store: store::Habits { locks: true, lock_ttl: 0, latency: (1, 1), faults: 0 },
            authorization_server: authorization_server::Habits {
                rotates: true,
                grace: 30_000,
                lifetime: 3_600_000,
                tells_lifetime: true,
            },
            api: api_server::Habits { limits: None, page: 10, refusals: 0, outages: 0 },
            shares_limit: false,
            crashes: 0,
            stalls: 0,
            aborts: 0,
            clock_skew: 0,
            calm_from: 0,
            end: None,
        }
    }

    fn sessions(random: &mut Random) -> Self {
        let calm_from = random.between((40_000, 120_000));
        let often = |random: &mut Random, shares: &[u64]| random.pick(shares);
        Self {
            client_options: if random.permille(300) { r#","timeoutMs":4000"#.into() } else { String::new() },
            processes: random.between((1, 4)) as usize,
            clients: random.between((1, 2)) as usize,
            sessions: random.between((1, 2)) as usize,
            jobs: random.between((2, 5)) as usize,
            network: network::Habits {
                latency: random.pick(&[(5, 60), (5, 60), (20, 900)]),
                faults: often(random, &[0, 60, 250]),
                slow_tokens: often(random, &[0, 100, 300]),
            },
            store: store::Habits {
                locks: random.permille(400),
                lock_ttl: random.pick(&[0, 10_000]),
                latency: random.pick(&[(0, 3), (1, 40)]),
                faults: often(random, &[0, 0, 40, 200]),
            },
            authorization_server: authorization_server::Habits {
                rotates: random.permille(850),
                grace: random.pick(&[0, 10_000, 30_000, 60_000]),
                lifetime: random.between((5, 60)) * 1000,
                tells_lifetime: random.permille(850),
            },
            api: api_server::Habits {
                refusals: often(random, &[0, 0, 100]),
                outages: often(random, &[0, 0, 100]),
                ..Self::plain(Subject::Sessions).api
            },
            crashes: often(random, &[0, 0, 500, 2_000]),
            stalls: often(random, &[0, 0, 0, 1_000]),
            aborts: often(random, &[0, 150]),
            clock_skew: random.pick(&[0, 900]),
            calm_from,
            end: random.permille(80).then(|| (random.below(calm_from), random.below(2) as usize)),
            ..Self::plain(Subject::Sessions)
        }
    }

    fn rows(random: &mut Random) -> Self {
        let plain = Self::sessions(random);
        Self {
            subject: Subject::Rows,
            processes: random.between((1, 2)) as usize,
            clients: 1,
            sessions: 1,
            jobs: random.between((1, 2)) as usize,
            api: api_server::Habits {
                page: random.between((1, 5)) as usize,
                refusals: random.pick(&[0, 100]),
                outages: random.pick(&[0, 150]),
                ..plain.api
            },
            authorization_server: authorization_server::Habits {
                // Sessions do not end here, so that every listing can be read to its end.
                grace: 86_400_000,
                ..plain.authorization_server
            },
            end: None,
            ..plain
        }
    }

    fn rate_limit(random: &mut Random) -> Self {
        let per_minute = random.between((4, 16));
        let per_10_seconds = random.between((2, per_minute.min(8)));
        let is_calm = random.permille(400);
        let shares_limit = random.permille(500);
        let plain = Self::plain(Subject::RateLimit);
        let often = |random: &mut Random, share: u64| if is_calm { 0 } else { random.pick(&[0, share]) };
        Self {
            client_options: format!(
                r#","rateLimit":{{"perMinute":{per_minute},"per10Seconds":{per_10_seconds}}}"#
            ),
            processes: if shares_limit { random.between((2, 3)) as usize } else { 1 },
            clients: random.between((1, 2)) as usize,
            jobs: (per_minute + random.between((per_10_seconds, 2 * per_minute))) as usize,
            network: network::Habits {
                latency: random.pick(&[(5, 60), (20, 240)]),
                faults: often(random, 150),
                slow_tokens: 0,
            },
            api: api_server::Habits {
                limits: Some((per_minute as usize, per_10_seconds as usize)),
                refusals: often(random, 60),
                outages: often(random, 60),
                ..plain.api
            },
            shares_limit,
            crashes: if shares_limit { often(random, 300) } else { 0 },
            stalls: often(random, 300),
            aborts: often(random, 150),
            calm_from: 60_000,
            ..plain
        }
    }

    /// Returns whether nothing fails in it.
    pub fn is_calm(&self) -> bool {
        let Self { network, api, crashes, stalls, aborts, .. } = self;
        [network.faults, api.refusals, api.outages, *crashes, *stalls, *aborts]
            .iter()
            .all(|share| *share == 0)
    }
}
