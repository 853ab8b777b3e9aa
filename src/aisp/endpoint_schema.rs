//! The vocabulary in which the endpoints are described: one description drives the request, the decoder and the TypeScript.

/// An endpoint.
#[derive(Debug)]
pub struct Entry {
    /// The path below the base URL, with at most one `{accountId}`.
    pub path: &'static str,
    /// Whether the rows come in pages.
    pub extent: Extent,
    /// The parameters of its query, in the order in which they are sent.
    pub parameters: &'static [Parameter],
    /// The names of its options.
    pub options: &'static [&'static str],
    /// The name of its method in the public interface.
    #[cfg(not(target_arch = "wasm32"))]
    pub method: &'static str,
    /// The name of the TypeScript type of its options.
    #[cfg(not(target_arch = "wasm32"))]
    pub query: &'static str,
}

/// How much of a list one response has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    Whole,
    /// One page.
    Page,
}

/// One parameter of a query.
#[derive(Debug)]
pub struct Parameter {
    /// The name of the option.
    pub option: &'static str,
    /// The name on the wire.
    pub wire: &'static str,
    /// What its value has to be.
    pub kind: ParameterKind,
    /// What it means, for the reader of the TypeScript type.
    #[cfg(not(target_arch = "wasm32"))]
    pub doc: &'static str,
}

/// What a parameter's value has to be.
#[derive(Debug, Clone, Copy)]
pub enum ParameterKind {
    /// A calendar date, `YYYY-MM-DD`.
    Date,
    /// A calendar date that is not before that of another option, which is described before it.
    DateNotBefore(&'static str),
    /// A word of a closed list, and the list as errors name it.
    Word(&'static [&'static str], &'static str),
    /// Rows on a page, 1 to 500.
    Limit,
    /// `true` or `false`.
    Flag,
}

/// Describes endpoints: `Name "method": page "/path" as Message(BODY) { /// doc  option as wire_name: kind(ARGUMENT); … }`.
macro_rules! endpoints {
    ($(
        $name:ident $method:literal: $extent:ident $path:literal as $message:ident($body:ident) $({
            $( $(#[doc = $doc:literal])+ $option:ident as $wire:ident: $kind:ident $(($($arg:tt)+))?; )+
        })?
    )+) => {
        /// An endpoint that a session reads.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Endpoint {
            $( #[doc = concat!("`GET ", $path, "`")] $name, )+
        }

        /// What a body is to be read as. Hosts know it by its number.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Message {
            $( #[doc = concat!("The body of `GET ", $path, "`.")] $message, )+
        }

        impl Endpoint {
            /// Every endpoint.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Returns the endpoint of that name in the public interface.
            pub fn named(name: &str) -> Option<Self> {
                match name {
                    $( $method => Some(Self::$name), )+
                    _ => None,
                }
            }

            /// Returns what its body is read as.
            pub fn message(self) -> Message {
                match self {
                    $( Self::$name => Message::$message, )+
                }
            }

            /// Returns its description.
            pub fn entry(self) -> &'static Entry {
                match self {
                    $( Self::$name => {
                        static ENTRY: Entry = Entry {
                            path: $path,
                            extent: $crate::aisp::endpoint_schema::extent!($extent),
                            parameters: &[$($( Parameter {
                                option: stringify!($option),
                                wire: stringify!($wire),
                                kind: $crate::aisp::endpoint_schema::parameter_kind!($kind $(($($arg)+))?),
                                #[cfg(not(target_arch = "wasm32"))]
                                doc: concat!($($doc, "\n"),+),
                            } ),+)?],
                            options: &[$($( stringify!($option), )+)? "checkpoint", "maxPages"],
                            #[cfg(not(target_arch = "wasm32"))]
                            method: $method,
                            #[cfg(not(target_arch = "wasm32"))]
                            query: concat!(stringify!($name), "Query"),
                        };
                        &ENTRY
                    } )+
                }
            }
        }

        impl Message {
            /// Every message, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$message),+];

            /// Returns the model of the body.
            pub fn body(self) -> &'static Model {
                match self {
                    $( Self::$message => &$body, )+
                }
            }

            /// Returns the model of the body's rows.
            pub fn row(self) -> &'static Model {
                match self {
                    $( Self::$message => {
                        static ROW: &Model = $body.row();
                        ROW
                    } )+
                }
            }
        }
    };
}

macro_rules! extent {
    (whole) => {
        Extent::Whole
    };
    (page) => {
        Extent::Page
    };
}

macro_rules! parameter_kind {
    (date) => {
        ParameterKind::Date
    };
    (date_not_before($other:ident)) => {
        ParameterKind::DateNotBefore(stringify!($other))
    };
    (word($first:literal $(, $more:literal)* or $last:literal)) => {
        ParameterKind::Word(
            &[$first, $($more,)* $last],
            concat!("'", $first, $("', '", $more,)* "' or '", $last, "'"),
        )
    };
    (limit) => {
        ParameterKind::Limit
    };
    (flag) => {
        ParameterKind::Flag
    };
}

pub(crate) use {endpoints, extent, parameter_kind};
