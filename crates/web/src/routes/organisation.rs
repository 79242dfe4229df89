//! How a customer sorts its portfolio: folders, tiers, groups, subscriptions, contacts.

use axum::routing::{delete, get, patch, post, put};

use super::{Route, api};
use crate::api::{
    access_groups, api_tokens, company_requests, contact_lists, contacts, folders, portfolio_contacts, recipients,
    subscriptions, tiers,
};

pub(super) const ROUTES: &[Route] = &[
    api("/ratings/v1/folders", &[folders::LIST, folders::CREATE], || {
        get(folders::list).post(folders::create)
    }),
    api(
        "/ratings/v1/folders/{guid}",
        &[folders::GET, folders::UPDATE, folders::DELETE],
        || get(folders::get).patch(folders::update).delete(folders::delete),
    ),
    api("/ratings/v1/folders/{guid}/companies", &[folders::COMPANIES], || {
        patch(folders::change_companies)
    }),
    api(
        "/ratings/v1/portfolio/contacts",
        &[portfolio_contacts::LIST, portfolio_contacts::CREATE],
        || get(portfolio_contacts::list).post(portfolio_contacts::create),
    ),
    api(
        "/ratings/v1/portfolio/contacts/{guid}",
        &[portfolio_contacts::UPDATE],
        || patch(portfolio_contacts::update),
    ),
    api("/ratings/v1/contacts", &[contact_lists::LIST, contacts::CREATE], || {
        get(contact_lists::list).post(contacts::create)
    }),
    api("/ratings/v1/contacts/bulk", &[contacts::BULK], || put(contacts::bulk)),
    api("/ratings/v1/contacts/query", &[contact_lists::QUERY], || {
        post(contact_lists::query_all)
    }),
    api("/ratings/v1/contacts/latest", &[contact_lists::LATEST], || {
        get(contact_lists::latest)
    }),
    api(
        "/ratings/v1/contacts/latest/query",
        &[contact_lists::QUERY_LATEST],
        || post(contact_lists::query_latest),
    ),
    api(
        "/ratings/v1/contacts/{guid}",
        &[contacts::GET, contacts::UPDATE, contacts::DELETE],
        || get(contacts::get).patch(contacts::update).delete(contacts::delete),
    ),
    api("/ratings/v1/tiers", &[tiers::LIST, tiers::CREATE], || {
        get(tiers::list).post(tiers::create)
    }),
    api("/ratings/v1/tiers/vendor-action-plan", &[tiers::ACTION_PLAN], || {
        get(tiers::action_plan)
    }),
    api(
        "/ratings/v1/tiers/{guid}",
        &[tiers::GET, tiers::UPDATE, tiers::REPLACE, tiers::DELETE],
        || {
            get(tiers::get)
                .patch(tiers::update)
                .put(tiers::replace)
                .delete(tiers::delete)
        },
    ),
    api("/ratings/v1/tiers/{guid}/companies", &[tiers::COMPANIES], || {
        patch(tiers::change_companies)
    }),
    api(
        "/ratings/v1/access-groups",
        &[access_groups::LIST, access_groups::CREATE],
        || get(access_groups::list).post(access_groups::create),
    ),
    api("/ratings/v1/access-groups/query", &[access_groups::QUERY], || {
        post(access_groups::query_some)
    }),
    api(
        "/ratings/v1/access-groups/companies",
        &[access_groups::ADD_COMPANIES],
        || put(access_groups::add_companies),
    ),
    api(
        "/ratings/v1/access-groups/{guid}",
        &[access_groups::GET, access_groups::UPDATE, access_groups::DELETE],
        || {
            get(access_groups::get)
                .patch(access_groups::update)
                .delete(access_groups::delete)
        },
    ),
    api(
        "/ratings/v1/access-groups/{guid}/companies/guids",
        &[access_groups::LIST_COMPANIES, access_groups::SET_COMPANIES],
        || get(access_groups::list_companies).put(access_groups::set_companies),
    ),
    api("/ratings/v1/subscriptions", &[subscriptions::LIST], || {
        get(subscriptions::list)
    }),
    api("/ratings/v1/subscriptions/bulk", &[subscriptions::BULK], || {
        post(subscriptions::change)
    }),
    api("/ratings/v1/subscriptions/{guid}", &[subscriptions::GET], || {
        get(subscriptions::get)
    }),
    api(
        "/ratings/v1/companies/validate-recipient-emails",
        &[recipients::VALIDATE],
        || post(recipients::validate),
    ),
    api(
        "/ratings/v1/companies/collaboration-contacts/query",
        &[recipients::COLLABORATION_CONTACTS],
        || post(recipients::collaboration_contacts),
    ),
    api(
        "/ratings/v2/company-requests",
        &[company_requests::LIST, company_requests::CREATE],
        || get(company_requests::list).post(company_requests::create),
    ),
    api(
        "/ratings/v2/company-requests/{guid}",
        &[company_requests::GET, company_requests::DELETE],
        || get(company_requests::get).delete(company_requests::delete),
    ),
    api(
        "/ratings/v1/customers/current/api-tokens",
        &[api_tokens::LIST, api_tokens::CREATE],
        || get(api_tokens::list).post(api_tokens::create),
    ),
    api(
        "/ratings/v1/customers/current/api-tokens/{guid}",
        &[api_tokens::DELETE],
        || delete(api_tokens::delete),
    ),
];
