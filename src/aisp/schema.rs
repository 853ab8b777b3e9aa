//! The vocabulary in which the models are described: one description drives the decoder, the TypeScript types,
//! the row builders and the check against `openapi.yaml`.

/// An object of the wire contract.
#[derive(Debug)]
pub struct Model {
    /// Its place among all models; the decoder keeps what it learned about each model under this number.
    pub id: usize,
    /// What is made of it in JavaScript.
    pub shape: Shape,
    /// Its known fields, in the order in which the JavaScript object lists them.
    pub fields: &'static [Field],
    /// One bit for each field that must be there.
    pub required: u64,
    /// The name of its TypeScript type.
    #[cfg(not(target_arch = "wasm32"))]
    pub name: &'static str,
    /// What it is, for the reader of the TypeScript type.
    #[cfg(not(target_arch = "wasm32"))]
    pub doc: &'static str,
}

/// What is made of a model in JavaScript, beyond its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Nothing beyond them. Fields that are unknown go to the `extra` of the enclosing object, under this object's name.
    Value,
    /// `extra` holds the unknown fields.
    Record,
    /// `extra`, and a `key` that is unique in its listing.
    Keyed,
    /// What a listing's rows come in. It never reaches JavaScript.
    Envelope,
}

/// One field of a model.
#[derive(Debug)]
pub struct Field {
    /// The name on the wire.
    pub wire: &'static str,
    /// Stands for the name in hashes that outlive a version of this crate: places change when a field is added.
    pub tag: u16,
    /// What its value has to be.
    pub kind: Kind,
    /// What it means, for the reader of the TypeScript type.
    #[cfg(not(target_arch = "wasm32"))]
    pub doc: &'static str,
    /// The standard that the field and its meaning come from.
    #[cfg(not(target_arch = "wasm32"))]
    pub source: &'static str,
}

/// What a field's value has to be.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Any text.
    Text,
    /// Text that few values share (codes, schemes): the rows share one string. A JSON number is taken as its digits.
    Code,
    /// An identifier. A JSON number is taken as its digits, and reported as drift.
    Id,
    /// A decimal number in a string, kept digit by digit. A JSON number is taken as written, and reported as drift.
    Decimal,
    /// The three capital letters of an ISO 4217 currency.
    Currency,
    /// A calendar date, `YYYY-MM-DD`.
    Date,
    /// An instant of RFC 3339. A date alone is taken, and reported as drift.
    Instant,
    /// `true` or `false`.
    Flag,
    /// A word of an open list: what is not on it is data too.
    OpenEnum(&'static OpenEnum),
    /// An object.
    Model(&'static Model),
    /// A list of texts. One text is taken as a list of one, and reported as drift.
    Texts,
    /// A list of objects. One object is taken as a list of one, and reported as drift.
    Models(&'static Model),
}

/// A list of words to which the provider may add.
#[derive(Debug)]
pub struct OpenEnum {
    /// Its place among all enums.
    pub id: usize,
    /// The words known today.
    pub values: &'static [&'static str],
    /// The name of its TypeScript type.
    #[cfg(not(target_arch = "wasm32"))]
    pub name: &'static str,
    /// The comment of the TypeScript type.
    #[cfg(not(target_arch = "wasm32"))]
    pub doc: &'static str,
}

/// How many fields a model may have: one bit each.
pub const MAX_FIELDS: usize = 64;

/// How many words an open enum may know.
pub const MAX_WORDS: usize = 16;

impl Model {
    /// Returns the model of its rows: of an envelope's list; else it is a row itself.
    pub const fn row(&'static self) -> &'static Model {
        let mut rest = self.fields;
        while let (Shape::Envelope, [field, tail @ ..]) = (self.shape, rest) {
            if let Kind::Models(row) = field.kind {
                return row;
            }
            rest = tail;
        }
        self
    }

    /// Where the slot of `extra` lies in a record.
    pub const fn extra_slot(&self) -> usize {
        self.fields.len()
    }

    /// Where the slot of `key` lies in a record.
    pub const fn key_slot(&self) -> usize {
        self.fields.len() + 1
    }

    /// How many slots a record takes.
    #[inline(always)]
    pub const fn slots(&self) -> usize {
        match self.shape {
            Shape::Value | Shape::Envelope => self.fields.len(),
            Shape::Record => self.fields.len() + 1,
            Shape::Keyed => self.fields.len() + 2,
        }
    }
}

/// A number for a name: FNV-1a folded to 16 bits, worked out when the crate is compiled.
pub const fn tag(wire: &str) -> u16 {
    let mut rest = wire.as_bytes();
    let mut tag = 0x811c_9dc5u32;
    while let [byte, tail @ ..] = rest {
        tag = (tag ^ *byte as u32).wrapping_mul(0x0100_0193);
        rest = tail;
    }
    (tag ^ tag >> 16) as u16
}

/// The place of a field, settled when the crate is compiled.
pub const fn position(fields: &[Field], wire: &str) -> usize {
    let mut rest = fields;
    let mut at = 0;
    while let [field, tail @ ..] = rest {
        if is_same(field.wire.as_bytes(), wire.as_bytes()) {
            return at;
        }
        rest = tail;
        at += 1;
    }
    MAX_FIELDS
}

const fn is_same(mut a: &[u8], mut b: &[u8]) -> bool {
    while let ([x, more @ ..], [y, others @ ..]) = (a, b) {
        if *x != *y {
            return false;
        }
        (a, b) = (more, others);
    }
    a.is_empty() && b.is_empty()
}

/// Describes open enums: `/// doc  NAME as "TypeName" { "word", … }`.
macro_rules! open_enums {
    ($( $(#[doc = $doc:literal])+ $name:ident as $type:literal { $($value:literal),+ $(,)? } )+) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum EnumOrder { $($name),+ }
        $(
            $(#[doc = $doc])+
            pub static $name: OpenEnum = OpenEnum {
                id: EnumOrder::$name as usize,
                values: &[$($value),+],
                #[cfg(not(target_arch = "wasm32"))]
                name: $type,
                #[cfg(not(target_arch = "wasm32"))]
                doc: concat!($($doc, "\n"),+),
            };
        )+
        /// Every open enum, in the order of their numbers.
        pub static ENUMS: &[&OpenEnum] = &[$(&$name),+];
    };
}

/// Describes models, a line a field: `/// doc  wire_name: optional kind(ARGUMENT), from "source";`.
macro_rules! models {
    ($(
        $(#[doc = $doc:literal])+
        $shape:ident $name:ident as $type:literal {
            $( $(#[doc = $fdoc:literal])+ $wire:ident : $need:ident $kind:ident $(($arg:ident))?, from $source:literal; )+
        }
    )+) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum ModelOrder { $($name),+ }
        $(
            $(#[doc = $doc])+
            pub static $name: Model = Model {
                id: ModelOrder::$name as usize,
                shape: Shape::$shape,
                fields: &[$( Field {
                    wire: stringify!($wire),
                    tag: $crate::aisp::schema::tag(stringify!($wire)),
                    kind: $crate::aisp::schema::kind!($kind $(($arg))?),
                    #[cfg(not(target_arch = "wasm32"))]
                    doc: concat!($($fdoc, "\n"),+),
                    #[cfg(not(target_arch = "wasm32"))]
                    source: $source,
                } ),+],
                required: {
                    let needs = [$( $crate::aisp::schema::need!($need) ),+];
                    $crate::aisp::schema::mask(&needs)
                },
                #[cfg(not(target_arch = "wasm32"))]
                name: $type,
                #[cfg(not(target_arch = "wasm32"))]
                doc: concat!($($doc, "\n"),+),
            };
        )+
        /// Every model, in the order of their numbers.
        pub static MODELS: &[&Model] = &[$(&$name),+];
    };
}

macro_rules! kind {
    (text) => {
        Kind::Text
    };
    (code) => {
        Kind::Code
    };
    (id) => {
        Kind::Id
    };
    (decimal) => {
        Kind::Decimal
    };
    (currency) => {
        Kind::Currency
    };
    (date) => {
        Kind::Date
    };
    (instant) => {
        Kind::Instant
    };
    (flag) => {
        Kind::Flag
    };
    (texts) => {
        Kind::Texts
    };
    (open_enum($of:ident)) => {
        Kind::OpenEnum(&$of)
    };
    (model($of:ident)) => {
        Kind::Model(&$of)
    };
    (models($of:ident)) => {
        Kind::Models(&$of)
    };
}

macro_rules! need {
    (required) => {
        true
    };
    (optional) => {
        false
    };
}

/// One bit for each field that is required. Not compiled where a model has too many fields.
pub(crate) const fn mask(needs: &[bool]) -> u64 {
    // A record has two slots more.
    assert!(needs.len() + 2 <= MAX_FIELDS);
    let mut rest = needs;
    let mut bit = 1u64;
    let mut mask = 0;
    while let [need, tail @ ..] = rest {
        if *need {
            mask |= bit;
        }
        bit <<= 1;
        rest = tail;
    }
    mask
}

pub(crate) use {kind, models, need, open_enums};

#[cfg(test)]
mod tests {
    use super::super::models::MODELS;

    #[test]
    fn no_two_fields_of_a_model_have_one_tag() {
        for model in MODELS {
            let mut tags: Vec<u16> = model.fields.iter().map(|field| field.tag).collect();
            tags.sort_unstable();
            tags.dedup();
            assert_eq!(tags.len(), model.fields.len(), "{}", model.name);
        }
    }
}
