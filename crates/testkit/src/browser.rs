//! A browser without a screen: keeps cookies, sends forms with what their page gave them, shows every answer as it is.

use std::collections::BTreeMap;
use std::sync::Mutex;

use reqwest::Method;

use crate::client::{Reply, reply};

/// The password that [`crate::TestApp::signed_in`] gives people.
pub const PASSWORD: &str = "correct horse battery";

/// One person's browser.
pub struct Browser {
    http: reqwest::Client,
    base: String,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Browser {
    /// A browser without cookies.
    pub fn new(http: reqwest::Client, base: &str) -> Browser {
        Browser {
            http,
            base: base.to_owned(),
            cookies: Mutex::default(),
        }
    }

    /// A request that is not sent yet, with this browser's cookies.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let cookies = self.cookies.lock().expect("no test panics here");
        let line: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = self.http.request(method, format!("{}{path}", self.base));
        let request = request.header("accept", "text/html,*/*;q=0.8");
        if line.is_empty() {
            request
        } else {
            request.header("cookie", line.join("; "))
        }
    }

    /// Sends a request and keeps the cookies of the answer. Follows nothing.
    pub async fn send(&self, request: reqwest::RequestBuilder) -> Reply {
        let answer = reply(request).await;
        let mut cookies = self.cookies.lock().expect("no test panics here");
        for line in answer.headers.get_all("set-cookie") {
            let line = line.to_str().expect("cookies are ASCII");
            let (name, rest) = line.split_once('=').expect("a cookie has a value");
            let value = rest.split(';').next().unwrap_or_default();
            if value.is_empty() {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// `GET` of a page.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path)).await
    }

    /// `GET` of a page that has to be there.
    pub async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        answer.text
    }

    /// Sends a form to `action` with the hidden token of the page at `path`.
    pub async fn submit(&self, path: &str, action: &str, fields: &[(&str, &str)]) -> Reply {
        let token = hidden_token(&self.page(path).await).expect("the page has a form");
        let mut all = vec![("form_token", token.as_str())];
        all.extend_from_slice(fields);
        self.post(action, &all).await
    }

    /// Sends fields to `action`, as they are.
    pub async fn post(&self, action: &str, fields: &[(&str, &str)]) -> Reply {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let request = self.request(Method::POST, action);
        let request = request
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.finish());
        self.send(request).await
    }

    /// A cookie's value.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().expect("no test panics here").get(name).cloned()
    }

    /// What the forms of a signed-in browser carry, for pages that are not looked at first.
    pub fn form_token(&self) -> String {
        let session = self.cookie("__Host-liaison").expect("somebody is signed in");
        let digest = liaison_operations::digest(format!("form:{session}").as_bytes());
        data_encoding::HEXLOWER.encode(&digest[..16])
    }

    /// Takes a cookie as if the server had set it.
    pub fn set_cookie(&self, name: &str, value: &str) {
        let mut cookies = self.cookies.lock().expect("no test panics here");
        cookies.insert(name.to_owned(), value.to_owned());
    }
}

/// The hidden field that the forms of a page carry.
pub fn hidden_token(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("name=\"form_token\" value=\"")?;
    rest.split('"').next().map(str::to_owned)
}
