//! The same small jobs done with different crates, so that their weights can be compared.

use wasm_bindgen::prelude::*;

/// What every variant holds: strings in, strings out.
#[wasm_bindgen]
pub fn base(text: String) -> String {
    [&text, "!"].concat()
}

/// Reads a token answer with the SDK's own JSON values.
#[cfg(feature = "own-json")]
#[wasm_bindgen]
pub fn token(body: &[u8]) -> Option<String> {
    let value = oakford_aisp::json::parse(body).ok()?;
    let fields = oakford_aisp::json::Fields::of("token response", &value).ok()?;
    let mut out = fields.required_text("access_token").ok()?.to_string();
    out.push_str(fields.required_text("token_type").ok()?);
    for name in ["refresh_token", "id_token", "scope"] {
        out.push_str(fields.text(name).ok()?.unwrap_or_default());
    }
    out.push_str(&fields.number("expires_in").ok()?.unwrap_or_default().to_string());
    Some(out)
}

/// The same with serde's derive and serde_json.
#[cfg(feature = "serde-json")]
#[wasm_bindgen]
pub fn token(body: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Token {
        access_token: String,
        token_type: String,
        refresh_token: Option<String>,
        id_token: Option<String>,
        scope: Option<String>,
        expires_in: Option<u64>,
    }
    let token: Token = serde_json::from_slice(body).ok()?;
    let mut out = token.access_token + &token.token_type;
    for text in [token.refresh_token, token.id_token, token.scope] {
        out.push_str(&text.unwrap_or_default());
    }
    out.push_str(&token.expires_in.unwrap_or_default().to_string());
    Some(out)
}

/// Reads options that came as JSON text, with errors that name the member.
#[cfg(feature = "own-options")]
#[wasm_bindgen]
pub fn options(json: &str) -> Result<String, JsValue> {
    let read = |json: &str| -> Result<String, oakford_aisp::json::Mismatch> {
        let value = oakford_aisp::json::parse(json.as_bytes()).unwrap_or(oakford_aisp::json::Value::Null);
        let fields = oakford_aisp::json::Fields::of("", &value)?;
        fields.only(&["clientId", "redirectUri", "scope", "timeoutMs"])?;
        let mut out = fields.required_text("clientId")?.to_string();
        out.push_str(fields.required_text("redirectUri")?);
        out.push_str(&fields.texts("scope")?.unwrap_or_default().join(" "));
        out.push_str(&fields.number("timeoutMs")?.unwrap_or_default().to_string());
        Ok(out)
    };
    read(json).map_err(|mismatch| JsValue::from(mismatch.path))
}

/// The same from a JavaScript object, with serde-wasm-bindgen.
#[cfg(feature = "serde-wasm-bindgen")]
#[wasm_bindgen]
pub fn options(value: JsValue) -> Result<String, JsValue> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Options {
        client_id: String,
        redirect_uri: String,
        scope: Option<Vec<String>>,
        timeout_ms: Option<u64>,
    }
    let options: Options = serde_wasm_bindgen::from_value(value)?;
    let mut out = options.client_id + &options.redirect_uri;
    out.push_str(&options.scope.unwrap_or_default().join(" "));
    out.push_str(&options.timeout_ms.unwrap_or_default().to_string());
    Ok(out)
}

/// One request through a function of the edge that resolves with the body's bytes.
#[cfg(feature = "edge-fetch")]
mod fetch {
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen]
    extern "C" {
        pub type Edge;
        #[wasm_bindgen(method)]
        fn exchange(this: &Edge, method: &str, url: &str, headers: &str) -> js_sys::Promise;
    }

    #[wasm_bindgen]
    pub async fn fetch(edge: Edge, url: String) -> Result<JsValue, JsValue> {
        wasm_bindgen_futures::JsFuture::from(edge.exchange("GET", &url, "accept:application/json")).await
    }
}

/// The same built with web-sys.
#[cfg(feature = "web-sys-fetch")]
mod fetch {
    use wasm_bindgen::prelude::*;
    use wasm_bindgen_futures::JsFuture;

    #[wasm_bindgen]
    pub async fn fetch(url: String) -> Result<JsValue, JsValue> {
        let init = web_sys::RequestInit::new();
        init.set_method("GET");
        let request = web_sys::Request::new_with_str_and_init(&url, &init)?;
        request.headers().set("accept", "application/json")?;
        let window = web_sys::window().ok_or(JsValue::NULL)?;
        let response: web_sys::Response = JsFuture::from(window.fetch_with_request(&request)).await?.dyn_into()?;
        JsFuture::from(response.array_buffer()?).await
    }
}

/// The same with gloo-net.
#[cfg(feature = "gloo-net")]
mod fetch {
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen]
    pub async fn fetch(url: String) -> Result<Vec<u8>, JsValue> {
        let failed = |error: gloo_net::Error| JsValue::from(error.to_string());
        let request = gloo_net::http::Request::get(&url).header("accept", "application/json");
        request.send().await.map_err(failed)?.binary().await.map_err(failed)
    }
}
