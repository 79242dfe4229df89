//! The JSON API: the compatible paths and Liaison's own. One file for each noun, and the shapes in `wire`.

pub(crate) mod access_links;
pub(crate) mod access_requests;
mod bare_list;
pub(crate) mod companies;
mod company_actions;
pub(crate) mod contacts;
pub(crate) mod conventions;
pub(crate) mod drafts;
pub(crate) mod events;
pub(crate) mod filters;
pub(crate) mod folders;
pub(crate) mod health;
pub(crate) mod lists;
pub(crate) mod mails;
pub(crate) mod messages;
pub(crate) mod notifications;
pub(crate) mod own;
pub(crate) mod portfolio;
pub(crate) mod portfolio_contacts;
pub(crate) mod registration;
mod request_shape;
pub(crate) mod requests;
pub(crate) mod stream;
pub(crate) mod tiers;
pub(crate) mod timeline;
pub(crate) mod transcript;
pub(crate) mod wire;
