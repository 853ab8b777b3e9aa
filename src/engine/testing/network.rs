//! The network: how long messages take, and which of them are lost.

use super::random::Random;

/// What a network does to exchanges.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Habits {
    /// The shortest and the longest way, in milliseconds. Answers overtake each other within it.
    pub latency: (u64, u64),
    /// How many of a thousand exchanges fail.
    pub faults: u64,
    /// How many of a thousand requests to the token endpoint take long.
    pub slow_tokens: u64,
}

/// What becomes of one exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The request arrives, and the response comes in full.
    Answered,
    /// No connection is made.
    Refused,
    /// The platform is offline.
    Offline,
    /// The connection breaks before the request arrives.
    ResetBefore,
    /// The server handles the request, and the connection breaks before the response.
    ResetAfter,
    /// The response's body is cut.
    Cut,
    /// The request is lost, and nobody says so.
    Lost,
    /// The server handles the request, and the response is lost.
    Silent,
    /// A gateway answers with that status, and the server gets nothing.
    Gateway(u16),
    /// The server handles the request, and a gateway answers with that status in its place.
    GatewayAfter(u16),
    /// The server handles the request, and a gateway answers a page with status 200.
    Page,
}

/// The ways of one exchange, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Ways {
    /// Until the request arrives, or fails to.
    pub there: u64,
    /// Until the head of the response arrives.
    pub back: u64,
    /// Until its body arrives.
    pub body: u64,
}

impl Habits {
    /// Chooses what becomes of an exchange. `calm`: none fails any more.
    pub fn fate(&self, random: &mut Random, calm: bool) -> Fate {
        if calm || !random.permille(self.faults) {
            return Fate::Answered;
        }
        match random.below(100) {
            0..8 => Fate::Refused,
            8..10 => Fate::Offline,
            10..24 => Fate::ResetBefore,
            24..48 => Fate::ResetAfter,
            48..60 => Fate::Cut,
            60..66 => Fate::Lost,
            66..72 => Fate::Silent,
            72..84 => Fate::Gateway(random.pick(&[502, 503, 503])),
            84..86 => Fate::GatewayAfter(500),
            86..88 => Fate::GatewayAfter(502),
            88..89 => Fate::GatewayAfter(503),
            89..92 => Fate::GatewayAfter(504),
            _ => Fate::Page,
        }
    }

    /// Chooses how long the ways of an exchange take.
    pub fn ways(&self, random: &mut Random, for_tokens: bool, calm: bool) -> Ways {
        let mut back = random.between(self.latency);
        if for_tokens && !calm && random.permille(self.slow_tokens) {
            back += random.between((8_000, 60_000));
        }
        Ways { there: random.between(self.latency), back, body: random.between(self.latency) / 4 }
    }
}
