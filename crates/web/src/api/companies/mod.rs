//! Companies: their details, the search of the inventory, their trees, assets and images.

use liaison_domain::Guid;

/// Where a company is found.
pub(crate) struct Links {
    /// Its page in the browser.
    pub(crate) page: String,
    /// An image made of its name.
    pub(crate) logo: String,
    /// A plot of its ratings.
    pub(crate) sparkline: String,
}

/// The addresses of one company.
pub(crate) fn links(public_url: &str, company: Guid) -> Links {
    Links {
        page: format!("{public_url}/companies/{company}"),
        logo: format!("{public_url}/ratings/v1/companies/{company}/logo-image"),
        sparkline: format!("{public_url}/ratings/v1/companies/{company}/sparkline"),
    }
}
