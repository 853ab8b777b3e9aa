//! The path from the body to the object that is being read, for errors and drift.

use crate::digits;

/// The steps from the body to the present object.
#[derive(Debug, Default)]
pub(super) struct JsonPath {
    steps: [Step; DEEPEST],
    depth: usize,
}

/// Deeper than any model lies in another: a path longer than this would be cut.
const DEEPEST: usize = 16;

#[derive(Debug, Clone, Copy, Default)]
struct Step {
    name: &'static str,
    /// The element of a list, or [`NO_LIST`].
    index: u32,
}

const NO_LIST: u32 = u32::MAX;

impl JsonPath {
    #[inline(always)]
    pub(super) fn enter(&mut self, name: &'static str) {
        self.push(Step { name, index: NO_LIST });
    }

    #[inline(always)]
    pub(super) fn enter_list(&mut self, name: &'static str) {
        self.push(Step { name, index: 0 });
    }

    #[inline(always)]
    fn push(&mut self, step: Step) {
        if let Some(place) = self.steps.get_mut(self.depth) {
            *place = step;
        }
        self.depth += 1;
    }

    /// Goes on to the list's next element.
    #[inline(always)]
    pub(super) fn next(&mut self) {
        if let Some(step) = self.steps.get_mut(self.depth.wrapping_sub(1)) {
            step.index += 1;
        }
    }

    #[inline(always)]
    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    fn steps(&self) -> &[Step] {
        self.steps.get(..self.depth).unwrap_or(&self.steps)
    }

    /// Returns the path to a field of the present object, or to the object itself if the name is empty.
    pub(super) fn to_text(&self, name: &str, with_indexes: bool) -> String {
        let mut path = String::new();
        for step in self.steps() {
            push_name(&mut path, step.name);
            if step.index != NO_LIST {
                path.push('[');
                if with_indexes {
                    digits::push(&mut path, step.index.into());
                }
                path.push(']');
            }
        }
        push_name(&mut path, name);
        path
    }

    /// Returns whether the path to this field, without indexes, is `path`. Writes no text.
    pub(super) fn is(&self, name: &str, path: &str) -> bool {
        let mut rest = Some(path);
        for step in self.steps() {
            rest = rest.and_then(|rest| rest.strip_prefix(step.name));
            if step.index != NO_LIST {
                rest = rest.and_then(|rest| rest.strip_prefix("[]"));
            }
            rest = rest.map(|rest| rest.strip_prefix('.').unwrap_or(rest));
        }
        rest == Some(name)
    }
}

fn push_name(path: &mut String, name: &str) {
    if !path.is_empty() && !name.is_empty() {
        path.push('.');
    }
    path.push_str(name);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_fields_and_elements() {
        let mut path = JsonPath::default();
        assert_eq!(path.to_text("", true), "");
        assert_eq!(path.to_text("account_id", true), "account_id");
        path.enter_list("transactions");
        (0..17).for_each(|_| path.next());
        assert_eq!(path.to_text("", true), "transactions[17]");
        path.enter("transaction_amount");
        assert_eq!(path.to_text("amount", true), "transactions[17].transaction_amount.amount");
        assert_eq!(path.to_text("amount", false), "transactions[].transaction_amount.amount");
        assert!(path.is("amount", "transactions[].transaction_amount.amount"));
        assert!(!path.is("amount", "transactions[].charge_amount.amount"));
        assert!(!path.is("currency", "transactions[].transaction_amount.amount"));
    }
}
