//! The URL that logs the customer out at the bank's login (OpenID Connect RP-Initiated Logout 1.0, section 2).

use crate::http::Form;

/// Builds the URL. The ID token in it lets the server know which login is meant.
pub fn url(
    endpoint: &str,
    client_id: &str,
    id_token: Option<&str>,
    redirect_uri: Option<&str>,
    state: Option<&str>,
) -> String {
    let mut query = Form::new();
    query.maybe("id_token_hint", id_token).push("client_id", client_id);
    query.maybe("post_logout_redirect_uri", redirect_uri).maybe("state", state);
    super::with_query(endpoint, &query)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_is_left_out() {
        assert_eq!(
            url("https://a.example/logout?x=1", "demo", Some("a.b.c"), Some("https://app.example/"), None),
            "https://a.example/logout?x=1&id_token_hint=a.b.c&client_id=demo&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2F"
        );
        assert_eq!(
            url("https://a.example/logout", "demo", None, None, Some("s")),
            "https://a.example/logout?client_id=demo&state=s"
        );
    }
}
