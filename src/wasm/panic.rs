//! A panic ends the instance: JavaScript is told, so that it can reject what is pending and start a fresh one.

use core::cell::RefCell;

use js_sys::Function;
use wasm_bindgen::prelude::*;

thread_local! {
    static HOOK: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Has `hook` called with the place of any panic.
#[wasm_bindgen(js_name = onPanic)]
pub fn on_panic(hook: Function) {
    HOOK.with(|place| *place.borrow_mut() = Some(hook));
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(String::new, |location| {
            [location.file(), ":", &location.line().to_string()].concat()
        });
        // Nothing is left to do where the hook itself fails.
        let hook = HOOK.with(|place| place.try_borrow().ok().and_then(|hook| hook.clone()));
        let _ = hook.map(|hook| hook.call1(&JsValue::UNDEFINED, &JsValue::from_str(&place)));
    }));
}
