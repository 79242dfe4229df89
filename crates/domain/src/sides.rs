//! The two sides of a request: the client that sent it, and the vendor that received it.

/// One side of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The customer that sent the request.
    Client,
    /// The company that received it.
    Vendor,
}

impl Side {
    /// The word on the wire and in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Side::Client => "client",
            Side::Vendor => "vendor",
        }
    }

    /// The side of a word.
    pub fn parse(slug: &str) -> Option<Side> {
        [Side::Client, Side::Vendor]
            .into_iter()
            .find(|side| side.slug() == slug)
    }

    /// The side across.
    #[must_use]
    pub fn other(self) -> Side {
        match self {
            Side::Client => Side::Vendor,
            Side::Vendor => Side::Client,
        }
    }
}
