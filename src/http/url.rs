//! The few facts about URLs that security hangs on, read strictly: what is not plainly right is refused.
//!
//! The `url` crate would add 57 KB of tables (`docs/performance.md`); `fetch` parses the URL again anyhow.

use crate::digits;

/// An absolute URL that [`secure_origin`] accepts, without query, fragment and user info, and without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// Checks `text`; the error says what is wrong with it. `insecure_hosts` may be reached by plain http.
    pub fn parse(text: &str, insecure_hosts: &[String]) -> Result<Self, &'static str> {
        let text = text.strip_suffix('/').unwrap_or(text);
        if text.contains(['?', '#']) {
            return Err("a query or a fragment");
        }
        let origin = secure_origin(text, insecure_hosts)?;
        let path = text.get(origin.len()..).unwrap_or_default();
        if path.split('/').any(|segment| matches!(segment, "." | "..")) {
            return Err("dots in its path");
        }
        Ok(Self(text.into()))
    }

    /// The URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether its host is this machine.
    pub fn is_loopback(&self) -> bool {
        let authority = self.origin().split_once("//").map_or("", |(_, authority)| authority);
        host(authority).is_some_and(is_loopback)
    }

    /// Its origin: scheme, host and port.
    pub fn origin(&self) -> &str {
        origin(&self.0).unwrap_or_default()
    }

    /// The URL with `path` behind it.
    pub fn join(&self, path: &str) -> String {
        [&self.0, path].concat()
    }
}

/// The origin of an absolute URL that is https, or http on a loopback address or one of `insecure_hosts`; else what is wrong
/// with it.
pub fn secure_origin<'a>(url: &'a str, insecure_hosts: &[String]) -> Result<&'a str, &'static str> {
    let (origin, host) = split(url)?;
    if url.starts_with("https:") || is_loopback(host) || insecure_hosts.iter().any(|name| name == host) {
        return Ok(origin);
    }
    Err("plain http beyond loopback")
}

/// The origin of an absolute http or https URL.
pub fn origin(url: &str) -> Result<&str, &'static str> {
    split(url).map(|(origin, _)| origin)
}

/// Whether `name` is a host as it stands in a URL: no scheme, no port, no wildcard.
pub fn is_host(name: &str) -> bool {
    // Elsewhere a dot in front means "and all below".
    !name.starts_with('.') && host(name) == Some(name)
}

/// The origin and the host of an absolute http or https URL.
fn split(url: &str) -> Result<(&str, &str), &'static str> {
    if !url.bytes().all(|b| {
        b.is_ascii_graphic() && !matches!(b, b'\\' | b'"' | b'<' | b'>' | b'^' | b'`' | b'{' | b'|' | b'}')
    }) {
        return Err("characters that a URL can't hold");
    }
    let (scheme, rest) = url.split_once("://").ok_or("no scheme")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = rest.get(..end).unwrap_or_default();
    let host = host(authority).ok_or("a host that can't be read")?;
    if !matches!(scheme, "https" | "http") {
        return Err("another scheme");
    }
    Ok((url.get(..scheme.len() + 3 + authority.len()).unwrap_or_default(), host))
}

/// The host of an authority without user info and with a sound port.
fn host(authority: &str) -> Option<&str> {
    let end = if authority.starts_with('[') {
        authority.find(']')? + 1
    } else {
        authority.find(':').unwrap_or(authority.len())
    };
    let (host, port) = (authority.get(..end)?, authority.get(end..)?);
    let sound_port = port.is_empty()
        || port.strip_prefix(':').is_some_and(|p| digits::read(p).is_some_and(|port| port <= 65_535));
    let inner = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
    let sound_host = match inner {
        // Whether the digits make an address is for fetch to say; here it matters that nothing else stands between the brackets.
        Some(address) => {
            address.contains(':')
                && address.bytes().all(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.'))
        }
        None => {
            !host.is_empty()
                && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
        }
    };
    (sound_port && sound_host).then_some(host)
}

/// Whether a host is this machine: `localhost`, 127.0.0.0/8, `[::1]`.
pub fn is_loopback(host: &str) -> bool {
    if matches!(host, "localhost" | "[::1]") {
        return true;
    }
    host.starts_with("127.")
        && host.split('.').count() == 4
        && host.split('.').all(|part| digits::read(part).is_some_and(|byte| byte <= 255))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_and_loopback_http_are_accepted() {
        for (url, expected) in [
            ("https://api.oakford.dev/aisp/v1", "https://api.oakford.dev"),
            ("https://api.oakford.dev:8443/", "https://api.oakford.dev:8443"),
            ("http://127.0.0.1:4000/aisp/v1", "http://127.0.0.1:4000"),
            ("http://localhost/x", "http://localhost"),
            ("http://[::1]:80/x", "http://[::1]:80"),
        ] {
            assert_eq!(BaseUrl::parse(url, &[]).unwrap().origin(), expected);
        }
    }

    #[test]
    fn what_could_lead_a_token_elsewhere_is_refused() {
        for url in [
            "http://api.oakford.dev/aisp/v1",
            "http://127.0.0.1.evil.example/",
            "http://localhost.evil.example/",
            "https://user@evil.example/",
            "https://a.example\\@evil.example/",
            "https://a.example:80:90/",
            "https://a.example:x/",
            "https://a.example/?q",
            "https://a.example/#f",
            "https://a.example/a/../b",
            "https:///x",
            "https://",
            "ftp://a.example/",
            "javascript:alert(1)",
            "//a.example",
            "https://a.example/a b",
            "https://[::1",
            "",
        ] {
            assert!(BaseUrl::parse(url, &[]).is_err(), "{url}");
        }
    }

    #[test]
    fn plain_http_is_accepted_for_the_hosts_that_are_named_and_no_other() {
        let named = ["sandbox".to_owned(), "aisp.internal".to_owned(), "[fd00::1]".to_owned()];
        for url in ["http://sandbox:8787/aisp/v1", "http://aisp.internal", "http://[fd00::1]:80/x"] {
            assert!(BaseUrl::parse(url, &named).is_ok(), "{url}");
            assert!(BaseUrl::parse(url, &[]).is_err(), "{url}");
        }
        for url in [
            "http://sandbox.evil.example/",
            "http://evil.sandbox/",
            "http://sandbox@evil.example/",
            "http://sandbox:80@evil.example/",
            "http://SANDBOX/",
            "http://sandbox./",
            "http://internal/",
            "http://sub.aisp.internal/",
            "ftp://sandbox/",
            "ws://sandbox/",
        ] {
            assert!(BaseUrl::parse(url, &named).is_err(), "{url}");
        }
    }

    #[test]
    fn a_host_is_a_name_or_an_address_and_nothing_around_it() {
        for name in ["sandbox", "aisp.internal", "my-sandbox_1", "192.168.1.5", "[fd00::1]"] {
            assert!(is_host(name), "{name}");
        }
        for name in [
            "",
            "*",
            "*.internal",
            ".internal",
            "sandbox:8787",
            "http://sandbox",
            "sandbox/",
            "a b",
            "a@b",
            "fd00::1",
        ] {
            assert!(!is_host(name), "{name}");
        }
    }
}
