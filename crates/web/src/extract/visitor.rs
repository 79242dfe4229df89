//! Who looks at a page: somebody with a session, or anybody.

use axum::extract::FromRequestParts;
use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, header};
use liaison_db::Tx;
use liaison_operations::{Call, Credential, Result};

use crate::cookies::{Jar, form_token};
use crate::pages::PageError;
use crate::peer::Peer;
use crate::shell::{Section, Shell};
use crate::state::Web;

/// Somebody with a session, which is judged by the operation that is run in their name.
pub(crate) struct Visitor {
    pub(crate) web: Web,
    pub(crate) session_sha256: [u8; 32],
    /// What this visitor's forms have to send back.
    pub(crate) form_token: String,
    /// Path and query of the request.
    pub(crate) target: String,
    pub(crate) is_safe: bool,
}

impl FromRequestParts<Web> for Visitor {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> std::result::Result<Visitor, PageError> {
        let target = target(parts);
        let is_safe = parts.method.is_safe();
        let Some(session) = Jar::Session.read(web, &parts.headers) else {
            return Err(PageError::sign_in(is_safe.then_some(target)));
        };
        Ok(Visitor {
            web: web.clone(),
            session_sha256: liaison_operations::digest(session.as_bytes()),
            form_token: form_token(&session),
            target,
            is_safe,
        })
    }
}

impl Visitor {
    /// What operations judge.
    pub(crate) fn credential(&self) -> Credential {
        Credential::Session(self.session_sha256)
    }

    /// Reads what a page shows, and what its frame shows, in one transaction.
    pub(crate) async fn look<T, F>(&self, section: Section, work: F) -> std::result::Result<(Shell, T), PageError>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>, &Call<'_>) -> Result<T> + Send + 'static,
    {
        let read = move |tx: &mut Tx<'_>, call: &Call<'_>| Ok((Shell::facts(tx, call)?, work(tx, call)?));
        let (facts, found) = self
            .web
            .app
            .read_as(self.credential(), read)
            .await
            .map_err(|error| self.refused(error))?;
        if let Err(error) = self.web.app.keep_session(self.session_sha256).await {
            tracing::warn!(%error, "the use of a session could not be noted");
        }
        Ok((Shell::new(&self.web, self, section, facts), found))
    }

    /// Does what a form asks for.
    pub(crate) async fn act<T, F>(&self, work: F) -> std::result::Result<T, PageError>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>, &Call<'_>) -> Result<T> + Send + 'static,
    {
        let done = self.web.app.act_as(self.credential(), work).await;
        done.map_err(|error| self.refused(error))
    }

    /// The page that an error of an operation becomes.
    pub(crate) fn refused(&self, error: liaison_operations::Error) -> PageError {
        match error {
            liaison_operations::Error::Unauthenticated => PageError::sign_in(self.is_safe.then(|| self.target.clone())),
            other => PageError::from(other),
        }
    }
}

fn target(parts: &Parts) -> String {
    let path_and_query = parts.uri.path_and_query();
    path_and_query.map_or_else(|| "/".to_owned(), ToString::to_string)
}

/// Anybody, who may be about to fill in a form.
pub(crate) struct Guest {
    pub(crate) web: Web,
    /// What a guest's forms have to send back.
    pub(crate) form_token: String,
    /// Whether a session cookie came along; it may have ended.
    pub(crate) has_session: bool,
    pub(crate) peer: Peer,
    fresh_cookie: Option<HeaderValue>,
}

impl FromRequestParts<Web> for Guest {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> std::result::Result<Guest, Self::Rejection> {
        let Ok(peer) = Peer::from_request_parts(parts, web).await;
        Ok(Guest::new(web, &parts.headers, peer))
    }
}

impl Guest {
    pub(super) fn new(web: &Web, headers: &HeaderMap, peer: Peer) -> Guest {
        let known = Jar::Form.read(web, headers);
        let secret = known
            .clone()
            .unwrap_or_else(|| liaison_operations::new_token(web.app.env.entropy.as_ref()));
        Guest {
            web: web.clone(),
            form_token: form_token(&secret),
            has_session: Jar::Session.read(web, headers).is_some(),
            peer,
            fresh_cookie: known.is_none().then(|| Jar::Form.set(web, &secret)),
        }
    }

    /// Gives the browser the cookie that its forms need.
    pub(crate) fn answer(&self, mut page: Response) -> Response {
        if let Some(cookie) = &self.fresh_cookie {
            page.headers_mut().append(header::SET_COOKIE, cookie.clone());
        }
        page
    }
}
