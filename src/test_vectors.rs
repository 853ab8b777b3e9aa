//! The RFCs' own test vectors, for tests.

/// All vectors by their RFC and section.
pub(crate) fn vectors() -> serde_json::Value {
    serde_json::from_str(include_str!("oauth/vectors.json")).unwrap()
}
