//! What the operator of a server does beside it, and tests with it: switching accounts, making tokens, importing.

use liaison_domain::Guid;
use liaison_domain::people::Role;
use liaison_operations::Result;
use liaison_operations::customers::{self, Customer};
use liaison_operations::tokens::{self, Made};
use liaison_operations::users::{self, NewUser};

use crate::{Client, TestApp};

type Tx<'t> = liaison_db::Tx<'t>;

impl TestApp {
    async fn operate<T: Send + 'static>(&self, work: impl Fn(&mut Tx<'_>) -> Result<T> + Send + 'static) -> T {
        self.app().db.write(work).await.expect("the operator's work is right")
    }

    /// Every customer of the server.
    pub async fn customers(&self) -> Vec<Customer> {
        self.operate(customers::list).await
    }

    /// Switches a customer on or off.
    pub async fn set_customer_active(&self, customer: &str, is_active: bool) {
        let customer = guid(customer);
        self.operate(move |tx| customers::set_active(tx, customer, is_active))
            .await;
    }

    /// Switches a user on or off.
    pub async fn set_user_active(&self, customer: &str, email: &str, is_active: bool) {
        let (customer, email) = (guid(customer), email.to_owned());
        self.operate(move |tx| users::set_active(tx, customer, &email, is_active))
            .await;
    }

    /// Makes a token: of a user, whose earlier ones end, or of the customer.
    pub async fn make_token(&self, customer: &str, email: Option<&str>) -> Made {
        let (customer, email) = (guid(customer), email.map(str::to_owned));
        let (now, env) = (self.app().now(), self.app().env.clone());
        self.operate(move |tx| tokens::create(tx, (now, env.entropy.as_ref()), customer, email.as_deref(), "of a test"))
            .await
    }

    /// Revokes a token.
    pub async fn revoke_token(&self, token: Guid) {
        let now = self.app().now();
        self.operate(move |tx| tokens::revoke(tx, token, now)).await;
    }

    /// Makes a user with a token and gives their client.
    pub async fn add_user(&self, customer: &str, email: &str, role: Role) -> Client {
        let (owner, now, env) = (guid(customer), self.app().now(), self.app().env.clone());
        let new = NewUser {
            email: email.to_owned(),
            formal_name: "Nora New".to_owned(),
            friendly_name: None,
            role,
            is_collaboration_contact: false,
            password_hash: None,
        };
        self.operate(move |tx| users::create(tx, (now, env.entropy.as_ref()), owner, &new))
            .await;
        self.client(&self.make_token(customer, Some(email)).await.token)
    }

    /// The client of somebody who accepted an invitation, with a token made for them.
    pub async fn guest(&self, email: &str) -> Client {
        self.client(&self.guest_token(email).await)
    }

    /// A token made for somebody who accepted an invitation.
    pub async fn guest_token(&self, email: &str) -> String {
        let guests = self
            .customers()
            .await
            .into_iter()
            .filter(|customer| customer.kind == "Vendor Access");
        for customer in guests {
            let guid = customer.guid;
            let people = self.operate(move |tx| users::list(tx, guid)).await;
            if people.iter().any(|person| person.email == email) {
                return self.make_token(&guid.to_string(), Some(email)).await.token;
            }
        }
        panic!("{email} is nobody's guest");
    }

    /// Invites with `client`, accepts the link of the mail, and gives the request's guid.
    pub async fn invited_and_accepted(&self, client: &Client, invitation: &serde_json::Value) -> String {
        let request = client.invited(invitation).await;
        let email = invitation["requestee_email"]
            .as_str()
            .expect("the invitation names an address");
        let token = self.activation_for(email).await.link_token();
        let name = invitation["requestee_formal_name"]
            .as_str()
            .expect("the invitation has a name");
        self.accepted(&token, name).await;
        request
    }

    /// Imports a bundle, as the command does.
    pub async fn import(&self, bundle: &serde_json::Value) {
        let (app, bundle) = (self.app().clone(), bundle.clone());
        let importing = tokio::task::spawn_blocking(move || {
            let seams = (app.now(), app.env.entropy.as_ref());
            crate::databases::import(&app.db, &bundle, seams)
        });
        importing.await.expect("importing ends");
    }
}

fn guid(text: &str) -> Guid {
    liaison_domain::ids::parse_guid(text).expect("the guid of a test is one")
}
