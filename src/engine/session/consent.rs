//! When a customer's consent ends, and the event ahead of it.

use std::rc::Rc;

use super::persistence;
use super::registry::Session;
use crate::engine::client::Client;

/// Learns from accounts when the consent ends. The first page of a list replaces what was known, any other response may bring the
/// end nearer.
pub fn learn(client: &Rc<Client>, key: &str, ends: i64, replaces: bool) {
    let Some(session) = client.sessions.get(key) else { return };
    let known = session.grant().consent_expires_at;
    if known != Some(ends) && (replaces || known.is_none_or(|known| ends < known)) {
        session.note(|grant| grant.consent_expires_at = Some(ends));
        persistence::note_later(client, &session);
    }
    watch(client, &session);
}

/// Reports once that the consent is about to end.
pub fn watch(client: &Rc<Client>, session: &Rc<Session>) {
    let due = session.grant().consent_to_tell(client.io.wall());
    let Some(ends) = due.filter(|_| client.host.listens) else { return };
    session.note(|grant| grant.consent_told = Some(ends));
    persistence::note_later(client, session);
    client.events.consent(&session.key, ends);
}
