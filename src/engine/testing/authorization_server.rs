//! An authorization server: codes, refresh tokens with rotation and reuse detection, revocation.

use std::collections::BTreeMap;

use super::clock::Instant;
use super::message::{Request, Response};

/// Its issuer.
pub const ISSUER: &str = "https://login.bank.example";
/// What every secret of a simulation contains, so that one that shows is found.
pub const MARK: &str = "S3CR";

/// What an authorization server does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Habits {
    /// Whether a refresh replaces the refresh token.
    pub rotates: bool,
    /// For how long a replaced refresh token is answered once more, in milliseconds. After that its use ends the grant.
    pub grace: u64,
    /// How long an access token is valid, in milliseconds.
    pub lifetime: u64,
    /// Whether responses say so.
    pub tells_lifetime: bool,
}

/// Why a grant is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The simulation decided so: the customer revoked it, or it expired.
    Decided,
    /// The application revoked it.
    Revoked,
    /// A refresh token was used twice.
    Reuse,
}

/// What one customer granted.
#[derive(Debug, Clone)]
pub struct Grant {
    /// The application's key of the session.
    pub key: String,
    /// Why it is over.
    pub end: Option<End>,
}

/// One answer with tokens.
#[derive(Debug, Clone)]
pub struct TokenSet {
    /// The number of its grant.
    pub grant: usize,
    /// The token set that it was renewed from.
    pub parent: Option<usize>,
    /// The access token.
    pub access: String,
    /// The refresh token.
    pub refresh: String,
    /// When the access token ends.
    pub ends: Instant,
    /// When the refresh token was used first.
    used_at: Option<Instant>,
}

/// The server. Grants and token sets are named by their numbers.
#[derive(Debug)]
pub struct AuthorizationServer {
    habits: Habits,
    client_id: String,
    authorization: String,
    /// What was granted.
    pub grants: Vec<Grant>,
    /// What was issued.
    pub sets: Vec<TokenSet>,
    by_access: BTreeMap<String, usize>,
    by_refresh: BTreeMap<String, usize>,
    codes: BTreeMap<String, String>,
}

/// What a request did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// Nothing of note.
    Nothing,
    /// It issued a token set.
    Issued(usize),
    /// It ended a grant because the refresh token of a token set was used twice.
    Reuse(usize),
    /// A request that no client may send.
    Wrong(&'static str),
}

impl AuthorizationServer {
    /// Returns a server that knows one client.
    pub fn new(habits: Habits, client_id: &str, client_secret: &str) -> Self {
        Self {
            habits,
            client_id: client_id.into(),
            authorization: crate::http::basic(client_id, client_secret),
            grants: Vec::new(),
            sets: Vec::new(),
            by_access: BTreeMap::new(),
            by_refresh: BTreeMap::new(),
            codes: BTreeMap::new(),
        }
    }

    /// Returns a code for a customer who consented. `state` makes it unique.
    pub fn consent(&mut self, key: &str, state: &str) -> String {
        let code = [MARK, "code", state].concat();
        self.codes.insert(code.clone(), key.into());
        code
    }

    /// Grants something without a login.
    pub fn grant(&mut self, key: &str, now: Instant) -> usize {
        self.grants.push(Grant { key: key.into(), end: None });
        self.issue(self.grants.len() - 1, None, now)
    }

    /// Ends the grants of a key.
    pub fn end(&mut self, key: &str, why: End) {
        for grant in self.grants.iter_mut().filter(|grant| grant.key == key) {
            grant.end = grant.end.or(Some(why));
        }
    }

    /// Returns whether a grant of a key is over.
    pub fn is_over_for(&self, key: &str) -> bool {
        self.grants.iter().any(|grant| grant.key == key && grant.end.is_some())
    }

    /// Returns the token set of an access token.
    pub fn by_access(&self, access: &str) -> Option<usize> {
        self.by_access.get(access).copied()
    }

    /// Returns the token set of a refresh token: the newest, if several have it.
    pub fn by_refresh(&self, refresh: &str) -> Option<usize> {
        self.by_refresh.get(refresh).copied()
    }

    /// Returns whether an access token is valid.
    pub fn is_valid(&self, access: &str, now: Instant) -> bool {
        self.by_access(access).is_some_and(|set| {
            let set = &self.sets[set];
            set.ends > now && self.grants[set.grant].end.is_none()
        })
    }

    /// Returns whether the lifetime of an access token is over.
    pub fn is_over(&self, access: &str, now: Instant) -> bool {
        self.by_access(access).is_some_and(|set| self.sets[set].ends <= now)
    }

    /// Returns whether `set` was renewed, directly or not, from `ancestor`.
    pub fn descends(&self, set: usize, ancestor: usize) -> bool {
        let parents = core::iter::successors(self.sets[set].parent, |set| self.sets[*set].parent);
        parents.into_iter().any(|parent| parent == ancestor)
    }

    /// Answers a request.
    pub fn handle(&mut self, request: &Request, now: Instant) -> (Response, Done) {
        let path = request.url.strip_prefix(ISSUER).unwrap_or_default();
        match path {
            "/.well-known/openid-configuration" => (metadata(), Done::Nothing),
            "/token" | "/revoke" if request.header("authorization") != Some(&self.authorization) => {
                (refusal(401, "invalid_client", ""), Done::Wrong("a client that does not authenticate"))
            }
            "/token" => self.token(request, now),
            "/revoke" => {
                let set = request.field("token").and_then(|token| self.by_refresh(&token));
                if let Some(set) = set {
                    let key = self.grants[self.sets[set].grant].key.clone();
                    self.end(&key, End::Revoked);
                }
                (Response::json(200, ""), Done::Nothing)
            }
            _ => (Response::json(404, "{}"), Done::Wrong("a path that no metadata names")),
        }
    }

    fn token(&mut self, request: &Request, now: Instant) -> (Response, Done) {
        let value = |name: &str| request.field(name).unwrap_or_default();
        match value("grant_type").as_str() {
            "authorization_code" => match self.codes.remove(&value("code")) {
                Some(key) => {
                    self.grants.push(Grant { key, end: None });
                    let set = self.issue(self.grants.len() - 1, None, now);
                    (self.tokens(set), Done::Issued(set))
                }
                None => (refusal(400, "invalid_grant", &value("code")), Done::Nothing),
            },
            "refresh_token" => self.refresh(&value("refresh_token"), now),
            _ => (refusal(400, "unsupported_grant_type", ""), Done::Wrong("an unknown grant type")),
        }
    }

    fn refresh(&mut self, token: &str, now: Instant) -> (Response, Done) {
        let Some(used) = self.by_refresh(token) else {
            return (refusal(400, "invalid_grant", token), Done::Wrong("a refresh token of another server"));
        };
        let grant = self.sets[used].grant;
        if self.grants[grant].end.is_some() {
            return (refusal(400, "invalid_grant", token), Done::Nothing);
        }
        let first = *self.sets[used].used_at.get_or_insert(now);
        if self.habits.rotates && now > first + self.habits.grace {
            self.grants[grant].end = Some(End::Reuse);
            return (refusal(400, "invalid_grant", token), Done::Reuse(used));
        }
        // Without rotation a refresh token does not show which access token came with it: all are renewed from the first.
        let first = self.sets.iter().position(|set| set.grant == grant);
        let parent = if self.habits.rotates { Some(used) } else { first };
        let set = self.issue(grant, parent, now);
        (self.tokens(set), Done::Issued(set))
    }

    fn issue(&mut self, grant: usize, parent: Option<usize>, now: Instant) -> usize {
        let number = self.sets.len();
        let access = format!("{MARK}access{number}x");
        let refresh = match parent {
            Some(parent) if !self.habits.rotates => self.sets[parent].refresh.clone(),
            _ => format!("{MARK}refresh{number}x"),
        };
        self.by_access.insert(access.clone(), number);
        self.by_refresh.insert(refresh.clone(), number);
        let ends = now + self.habits.lifetime;
        self.sets.push(TokenSet { grant, parent, access, refresh, ends, used_at: None });
        number
    }

    fn tokens(&self, set: usize) -> Response {
        let TokenSet { access, refresh, .. } = &self.sets[set];
        let mut body = format!(r#"{{"access_token":"{access}","token_type":"Bearer","scope":"accounts""#);
        if self.habits.tells_lifetime {
            body += &format!(r#","expires_in":{}"#, self.habits.lifetime / 1000);
        }
        let is_new = self.sets[set].parent.is_none_or(|parent| self.sets[parent].refresh != *refresh);
        if is_new {
            body += &format!(r#","refresh_token":"{refresh}""#);
        }
        Response::json(200, &(body + "}"))
    }

    /// Returns the entry of a token store for a token set that was issued at `wall`.
    pub fn stored(&self, set: usize, wall: i64) -> String {
        let TokenSet { access, refresh, .. } = &self.sets[set];
        let (client, lifetime) = (&self.client_id, self.habits.lifetime as i64);
        let ends = if self.habits.tells_lifetime {
            format!(r#""expiresAt":{},"#, wall + lifetime)
        } else {
            String::new()
        };
        format!(
            r#"{{"v":1,"clientId":"{client}","issuer":"{ISSUER}","accessToken":"{access}","refreshToken":"{refresh}",{ends}"scope":"accounts","receivedAt":{wall}}}"#
        )
    }
}

fn metadata() -> Response {
    Response::json(
        200,
        &format!(
            r#"{{"issuer":"{ISSUER}","authorization_endpoint":"{ISSUER}/authorize","token_endpoint":"{ISSUER}/token","revocation_endpoint":"{ISSUER}/revoke"}}"#
        ),
    )
}

/// A refusal that echoes what it refuses, as some servers do.
fn refusal(status: u16, error: &str, echo: &str) -> Response {
    Response::json(
        status,
        &format!(r#"{{"error":"{error}","error_description":"no good: {echo}","request_id":"{echo}"}}"#),
    )
}
