//! From the text of a row to what the store keeps; every rule about a row alone is here and below.
//! Not here: rules about several rows.

mod companies;
mod customers;

use liaison_domain::Guid;
use liaison_store::companies::Company;
use liaison_store::contacts::Contact;
use liaison_store::customers::Customer;
use liaison_store::findings::Finding;
use liaison_store::folders::Folder;
use liaison_store::portfolio::Entry;
use liaison_store::ratings::Rating;
use liaison_store::tiers::Tier;
use liaison_store::user_groups::UserGroup;
use liaison_store::users::User;

use crate::Kind;
use crate::fields::Fields;
use crate::problem::{Place, Problems};

/// One row of any kind.
pub(crate) enum Row {
    Company(Box<Company>, Vec<Rating>),
    /// A rating with its company: only in CSV.
    Rating(Guid, Rating),
    Finding(Box<Finding>),
    /// The end of access is not part of a bundle.
    Customer(Box<Customer>),
    /// With its companies: sorted, each once.
    Group(UserGroup, Vec<Guid>),
    /// With the password, where one is given; the hash is none.
    User(Box<User>, Option<String>),
    Token(Token),
    Tier(Tier),
    /// Companies are sorted, each once.
    Folder(Folder),
    /// The date is empty where none is given.
    Entry(Entry),
    Contact(Box<Contact>),
}

/// An API token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) description: String,
    pub(crate) user_email: Option<String>,
    /// None where a token is to be made.
    pub(crate) given: Option<Given>,
}

/// A token that the file gives: its digest and its last characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Given {
    pub(crate) sha256: [u8; 32],
    pub(crate) last_four: String,
}

/// A row and, in CSV, the customer that it names as its own.
pub(crate) struct Parsed {
    pub(crate) customer: Option<Guid>,
    pub(crate) row: Row,
}

/// Reads one row; none where it is not even an object. Whether it has problems shows in their number; what is wrong is
/// then left out or replaced.
pub(crate) fn parse(place: Place, text: &str, problems: &mut Problems) -> Option<Parsed> {
    let names_customer = problems.is_csv() && place.kind.is_owned();
    let mut fields = Fields::read(text, place, problems)?;
    let customer = names_customer.then(|| fields.needed_guid("customer_guid"));
    let row = match place.kind {
        Kind::Companies => companies::company(&mut fields),
        Kind::Ratings => companies::rating_of_company(&mut fields),
        Kind::Findings => companies::finding(&mut fields),
        Kind::Customers => customers::customer(&mut fields),
        Kind::Groups => customers::group(&mut fields),
        Kind::Users => customers::user(&mut fields),
        Kind::ApiTokens => customers::token(&mut fields),
        Kind::Tiers => customers::tier(&mut fields),
        Kind::Folders => customers::folder(&mut fields),
        Kind::Portfolio => customers::entry(&mut fields),
        Kind::Contacts => customers::contact(&mut fields),
    };
    fields.finish();
    Some(Parsed { customer, row })
}
