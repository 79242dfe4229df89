//! Settings in the browser: one's own, and those of a customer for its administrators.

use liaison_testkit::browser::PASSWORD;
use liaison_testkit::invitations::to_vera;
use liaison_testkit::{Browser, Reply, TestApp, json, on_both, world};

const EMMA: &str = "emma@blueseas.com";
const PROFILE: &str = "/settings/profile";
const USERS: &str = "/settings/users";
const TOKENS: &str = "/settings/tokens";
const COLLABORATION: &str = "/settings/collaboration";

fn done(answer: &Reply, place: &str) {
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, place),
        "{}",
        answer.text
    );
}

/// The token on the page that shows it once.
fn token_in(page: &str) -> String {
    let (_, rest) = page.split_once("data-copy>liaison_").expect("the token is shown");
    format!("liaison_{}", rest.split('<').next().unwrap())
}

/// The link of the newest mail of a kind to an address, as a path.
async fn link_to(app: &TestApp, kind: &str, email: &str) -> Option<String> {
    let mails = app.mails().await;
    let mut to = mails
        .iter()
        .rev()
        .filter(|mail| mail.kind == kind && mail.recipient == email);
    let (_, rest) = to.next()?.text().split_once("https://liaison.test/password")?;
    Some(format!("/password{}", rest.split_whitespace().next()?))
}

/// A second browser of Emma's; setting her password again would end the session of the first.
async fn another(app: &TestApp) -> Browser {
    let browser = app.browser();
    let signed = browser
        .submit("/sign-in", "/sign-in", &[("email", EMMA), ("password", PASSWORD)])
        .await;
    assert_eq!(signed.status, 303, "{}", signed.text);
    browser
}

async fn choose_password(app: &TestApp, link: &str) -> Browser {
    let browser = app.browser();
    let set = browser.submit(link, link, &[("password", "a horse of my own")]).await;
    assert_eq!(set.status, 303, "{}", set.text);
    browser
}

async fn invite(emma: &Browser, email: &str, role: &str) -> Reply {
    let fields = [
        ("part", "invite"),
        ("formal_name", "Nora Quay"),
        ("email", email),
        ("role", role),
        ("group", ""),
    ];
    emma.submit(USERS, USERS, &fields).await
}

/// The path of the page of the user of that name.
async fn page_of(emma: &Browser, name: &str) -> String {
    let page = emma.page(&format!("{USERS}?q={}", name.replace(' ', "+"))).await;
    let (before, _) = page
        .split_once(&format!(">{name}</a>"))
        .unwrap_or_else(|| panic!("no {name}: {page}"));
    before
        .rsplit("href=\"")
        .next()
        .unwrap()
        .trim_end_matches('"')
        .to_owned()
}

on_both! {
    async fn names_and_mails_are_ones_own(app) {
        let emma = app.signed_in(EMMA).await;
        let names = [("part", "names"), ("formal_name", "Emma  <b>Lake</b>"), ("friendly_name", ""), ("phone_number", "+1 555")];
        done(&emma.submit(PROFILE, PROFILE, &names).await, "/settings/profile?done=saved");
        let page = emma.page(PROFILE).await;
        for words in ["value=\"Emma &#60;b&#62;Lake&#60;/b&#62;\"", "value=\"Emma\"", "value=\"+1 555\""] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let long = "x".repeat(256);
        let wrong = emma.submit(PROFILE, PROFILE, &[("part", "names"), ("formal_name", &long), ("friendly_name", "kept")]).await;
        assert_eq!(wrong.status, 422);
        for words in [&long, "value=\"kept\"", "The name has at most 255 characters.", "aria-invalid=\"true\""] {
            assert!(wrong.text.contains(words), "{words}");
        }
        assert_eq!(page.matches("\" checked").count(), 2, "both mails are wanted at first");
        done(&emma.submit(PROFILE, PROFILE, &[("part", "mails"), ("mails_on_requests", "yes")]).await, "/settings/profile?done=saved");
        let page = emma.page(PROFILE).await;
        assert!(page.contains("name=\"mails_on_messages\" value=\"yes\" aria"), "{page}");
        assert!(page.contains("name=\"mails_on_requests\" value=\"yes\" checked"), "{page}");
    }

    async fn a_new_password_ends_the_other_sessions(app) {
        let here = app.signed_in(EMMA).await;
        let there = another(app).await;
        let wrong = [("part", "password"), ("present_password", "wrong horse"), ("password", "a longer password")];
        let refused = here.submit(PROFILE, PROFILE, &wrong).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains("The present password is not the one you have now."), "{}", refused.text);
        assert!(!refused.text.contains("wrong horse"));
        let short = [("part", "password"), ("present_password", PASSWORD), ("password", "short")];
        assert!(here.submit(PROFILE, PROFILE, &short).await.text.contains("The new password must have 12 to 256 characters."));
        assert_eq!(there.get(PROFILE).await.status, 200);
        let right = [("part", "password"), ("present_password", PASSWORD), ("password", "a longer password")];
        done(&here.submit(PROFILE, PROFILE, &right).await, "/settings/profile?done=password");
        assert_eq!((here.get(PROFILE).await.status, there.get(PROFILE).await.status), (200, 303));
        for _ in 0..9 {
            here.submit(PROFILE, PROFILE, &wrong).await;
        }
        assert_eq!(here.submit(PROFILE, PROFILE, &right).await.status, 429, "ten were wrong");
    }

    async fn sessions_are_listed_and_ended(app) {
        let here = app.signed_in(EMMA).await;
        let there = another(app).await;
        let page = here.page(PROFILE).await;
        assert_eq!(page.matches("This one").count(), 1);
        let (_, rest) = page.split_once("name=\"session\" value=\"").expect("the other one can be ended");
        let other = rest[..36].to_owned();
        let mark = app.signed_in("mark@blueseas.com").await;
        let end = [("part", "end-session"), ("session", other.as_str())];
        assert_eq!(mark.submit(PROFILE, PROFILE, &end).await.status, 404, "of somebody else");
        done(&here.submit(PROFILE, PROFILE, &end).await, "/settings/profile?done=session-ended");
        assert_eq!((here.get(PROFILE).await.status, there.get(PROFILE).await.status), (200, 303));
        let there = another(app).await;
        here.submit(PROFILE, PROFILE, &[("part", "end-others")]).await;
        assert_eq!((here.get(PROFILE).await.status, there.get(PROFILE).await.status), (200, 303));
        let there = another(app).await;
        here.submit(PROFILE, "/sign-out", &[("everywhere", "1")]).await;
        assert_eq!((here.get(PROFILE).await.status, there.get(PROFILE).await.status), (303, 303));
    }

    async fn ones_own_token(app) {
        let rita = app.signed_in("rita@blueseas.com").await;
        let made = rita.submit(PROFILE, PROFILE, &[("part", "make-token")]).await;
        assert_eq!((made.status, made.header("cache-control")), (200, "no-store"));
        let token = token_in(&made.text);
        assert!(!rita.page(PROFILE).await.contains(&token));
        let outbox = "/v1/access-requests";
        assert_eq!(app.client(&token).get(outbox).await.status, 200);
        assert_eq!(app.client(world::CLIENT_READER).get(outbox).await.status, 401, "the earlier one is dead");
        done(&rita.submit(PROFILE, PROFILE, &[("part", "revoke-tokens")]).await, "/settings/profile?done=revoked");
        assert_eq!(app.client(&token).get(outbox).await.status, 401);
        assert_eq!(rita.submit(PROFILE, PROFILE, &[("part", "nothing")]).await.status, 404);
    }

    async fn a_user_is_invited_and_comes_in(app) {
        let emma = app.signed_in(EMMA).await;
        done(&invite(&emma, "nora@blueseas.com", "customer_user").await, "/settings/users?done=invited-kept");
        let first = link_to(app, "welcome", "nora@blueseas.com").await.expect("a link");
        let nora = page_of(&emma, "Nora Quay").await;
        assert!(emma.page(USERS).await.contains("Invited"));
        let soon = emma.submit(&nora, &nora, &[("part", "welcome")]).await;
        assert_eq!(soon.status, 422);
        assert!(soon.text.contains("The link was mailed a moment ago; a new one can be mailed in 300 seconds."), "{}", soon.text);
        app.clock.advance(std::time::Duration::from_secs(300));
        done(&emma.submit(&nora, &nora, &[("part", "welcome")]).await, &format!("{nora}?done=invited-kept"));
        assert_eq!(app.browser().get(&first).await.status, 410, "the second link replaces it");
        let mails = app.mails().await;
        let states: Vec<_> = mails.iter().filter(|mail| mail.kind == "welcome").map(|mail| mail.state.as_str()).collect();
        assert_eq!(states, ["replaced", "kept"]);
        let link = link_to(app, "welcome", "nora@blueseas.com").await.expect("a second link");
        let browser = choose_password(app, &link).await;
        let kept = app.mails().await.into_iter().filter(|mail| mail.kind == "welcome" && mail.message.is_some()).count();
        assert_eq!(kept, 0, "a mail whose link was used is not kept");
        assert_eq!(browser.get(USERS).await.status, 403);
        assert!(!browser.page(PROFILE).await.contains("href=\"/settings/users\""));
        let again = emma.submit(&nora, &nora, &[("part", "welcome")]).await;
        assert_eq!(again.status, 422);
        assert!(again.text.contains("The link is for people who have no password yet."), "{}", again.text);
    }

    async fn an_invitation_is_refused_with_what_was_typed(app) {
        let emma = app.signed_in(EMMA).await;
        for (email, role, words) in [
            ("EMMA@blueseas.com", "customer_user", "The address belongs to a user of this customer already."),
            ("nora", "customer_user", "The address is not an e-mail address."),
            ("nora@blueseas.com", "root", "The role is none of the four."),
        ] {
            let refused = invite(&emma, email, role).await;
            assert_eq!(refused.status, 422, "{email}");
            for part in [words, "value=\"Nora Quay\"", &format!("value=\"{email}\"")] {
                assert!(refused.text.contains(part), "{part}: {}", refused.text);
            }
        }
        let fields = [("part", "invite"), ("formal_name", "Nora"), ("email", "n@blueseas.com"), ("role", "customer_user"), ("group", world::FOLDER)];
        assert!(emma.submit(USERS, USERS, &fields).await.text.contains("The group is not a group of this account."));
        assert!(app.mails().await.is_empty());
    }

    async fn switching_off_acts_at_once(app) {
        let emma = app.signed_in(EMMA).await;
        let mark = app.signed_in("mark@blueseas.com").await;
        let (page, own) = (page_of(&emma, "Mark Shore").await, page_of(&emma, "Emma Waters").await);
        done(&emma.submit(&page, &page, &[("part", "off")]).await, &format!("{page}?done=switched-off"));
        assert_eq!(mark.get(PROFILE).await.status, 303);
        assert_eq!(app.client(world::CLIENT_MANAGER).get("/v1/access-requests").await.status, 401);
        done(&emma.submit(&page, &page, &[("part", "on")]).await, &format!("{page}?done=switched-on"));
        assert_eq!(app.client(world::CLIENT_MANAGER).get("/v1/access-requests").await.status, 200);
        assert_eq!(mark.get(PROFILE).await.status, 303, "the session stays ended");
        let own_off = emma.submit(&own, &own, &[("part", "off")]).await;
        assert_eq!(own_off.status, 422);
        assert!(own_off.text.contains("Switching off is not possible for your own account."), "{}", own_off.text);
        invite(&emma, "nora@blueseas.com", "customer_user").await;
        let link = link_to(app, "welcome", "nora@blueseas.com").await.expect("a link");
        let nora = page_of(&emma, "Nora Quay").await;
        emma.submit(&nora, &nora, &[("part", "off")]).await;
        assert_eq!(app.browser().get(&link).await.status, 410);
        emma.submit(&nora, &nora, &[("part", "on")]).await;
        assert!(emma.page(&nora).await.contains("Invited"), "who never came in still has to");
    }

    async fn the_last_administrator_stays_one(app) {
        let emma = app.signed_in(EMMA).await;
        let (own, marks) = (page_of(&emma, "Emma Waters").await, page_of(&emma, "Mark Shore").await);
        let step_down = [("part", "rights"), ("role", "customer_user"), ("group", "")];
        let refused = emma.submit(&own, &own, &step_down).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains("there is no other active administrator"), "{}", refused.text);
        let rise = [("part", "rights"), ("role", "customer_admin"), ("group", world::GROUP_TWO), ("is_collaboration_contact", "yes")];
        done(&emma.submit(&marks, &marks, &rise).await, &format!("{marks}?done=saved"));
        done(&emma.submit(&own, &own, &step_down).await, "/settings/profile?done=saved");
        assert_eq!(emma.get(USERS).await.status, 403);
        assert_eq!(app.signed_in("mark@blueseas.com").await.get(USERS).await.status, 200);
    }

    async fn tokens_of_the_customer(app) {
        let emma = app.signed_in(EMMA).await;
        let wrong = emma.submit(TOKENS, TOKENS, &[("description", " ")]).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text.contains("The description is required."), "{}", wrong.text);
        let made = emma.submit(TOKENS, TOKENS, &[("description", "Risk <register>")]).await;
        assert_eq!((made.status, made.header("cache-control")), (200, "no-store"));
        let token = token_in(&made.text);
        let client = app.client(&token);
        assert_eq!(client.get("/liaison/v1/mails").await.status, 200, "it may do what an administrator may");
        let page = emma.page(TOKENS).await;
        assert!(page.contains("Risk &#60;register&#62;") && page.contains("by Emma Waters") && !page.contains(&token), "{page}");
        let (before, _) = page.split_once(&format!("…{}</span></summary>", &token[token.len() - 4..])).expect("a row");
        let (_, after) = page[before.len()..].split_once("action=\"").expect("a form");
        let revoke = after.split('"').next().unwrap().to_owned();
        let otto = app.signed_in("otto@greystone.example").await;
        assert_eq!(otto.submit(TOKENS, &revoke, &[]).await.status, 404);
        let mark = app.signed_in("mark@blueseas.com").await;
        assert_eq!(mark.post(&revoke, &[("form_token", &mark.form_token())]).await.status, 403);
        done(&emma.submit(TOKENS, &revoke, &[]).await, "/settings/tokens?done=revoked");
        assert_eq!(client.get("/liaison/v1/mails").await.status, 401);
        assert!(emma.page(TOKENS).await.contains("Revoked lately"));
    }

    async fn collaboration_contacts_and_the_trial(app) {
        let vera = app.signed_in("vera@blackhills.com").await;
        let emma = app.client(world::CLIENT_ADMIN);
        let told = async || {
            let mut told: Vec<_> = app.mails().await.into_iter().filter(|mail| mail.kind == "notice").map(|mail| mail.recipient).collect();
            told.sort();
            told
        };
        let to_vito = || {
            let vito = json!({"requestee_email": "vito@blackhills.com", "requestee_formal_name": "Vito Hill"});
            liaison_testkit::invitations::with(to_vera(), &vito)
        };
        emma.invited(&to_vito()).await;
        assert_eq!(told().await, ["vera@blackhills.com"]);
        vera.submit(PROFILE, PROFILE, &[("part", "mails"), ("mails_on_messages", "yes")]).await;
        emma.invited(&to_vito()).await;
        assert_eq!(told().await.len(), 1, "who wants no mails gets none");
        assert!(vera.page("/notifications").await.contains("sent a request"), "and is told all the same");
        assert!(vera.page(COLLABORATION).await.contains("switched off in their profile"));
        let wrong = vera.submit(COLLABORATION, COLLABORATION, &[("part", "add"), ("email", EMMA)]).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text.contains("belongs to no user of this account") && wrong.text.contains(&format!("value=\"{EMMA}\"")));
        done(&vera.submit(COLLABORATION, COLLABORATION, &[("part", "add"), ("email", "VITO@blackhills.com")]).await, "/settings/collaboration?done=saved");
        emma.invited(&to_vera()).await;
        assert_eq!(told().await, ["vera@blackhills.com", "vito@blackhills.com"]);
        let vito = page_of(&vera, "Vito Hill").await;
        let guid = vito.rsplit('/').next().unwrap();
        assert_eq!(app.signed_in(EMMA).await.submit(COLLABORATION, COLLABORATION, &[("part", "remove"), ("user", guid)]).await.status, 404);
        vera.submit(COLLABORATION, COLLABORATION, &[("part", "remove"), ("user", guid)]).await;
        assert!(!vera.page(COLLABORATION).await.contains(">Vito Hill</a>"));
        for days in ["0", "366", "x"] {
            let wrong = vera.submit(COLLABORATION, COLLABORATION, &[("part", "trial"), ("trial_duration", days)]).await;
            assert_eq!(wrong.status, 422);
            assert!(wrong.text.contains("from 1 to 365") && wrong.text.contains(&format!("value=\"{days}\"")), "{}", wrong.text);
        }
        vera.submit(COLLABORATION, COLLABORATION, &[("part", "trial"), ("trial_duration", "90")]).await;
        let config = app.client(world::VENDOR_ADMIN).get("/v1/access-requests/config").await;
        assert_eq!(config.json["trial_duration"], 90);
    }

    async fn only_administrators_and_only_their_own(app) {
        let otto = app.signed_in("otto@greystone.example").await;
        let emma_of_the_other = format!("{USERS}/{}", world::EMMA);
        assert_eq!(otto.get(&emma_of_the_other).await.status, 404);
        for part in ["rights", "off", "on", "welcome"] {
            let fields = [("part", part), ("role", "customer_user")];
            assert_eq!(otto.submit(USERS, &emma_of_the_other, &fields).await.status, 404, "{part}");
        }
        assert!(!otto.page(USERS).await.contains("Emma Waters"));
        app.client(world::CLIENT_ADMIN).invited(&liaison_testkit::invitations::to_saperix("ann")).await;
        let token = app.activation_for("ann@saperix.example").await.link_token();
        app.accepted(&token, "Ann Perry").await;
        let ann = app.browser();
        let signed = ann.submit("/sign-in", "/sign-in", &[("email", "ann@saperix.example"), ("password", PASSWORD)]).await;
        assert_eq!(signed.status, 303, "{}", signed.text);
        let rita = app.signed_in("rita@blueseas.com").await;
        for browser in [&rita, &ann] {
            for path in [USERS, TOKENS, COLLABORATION, &emma_of_the_other] {
                let refused = browser.get(path).await;
                assert_eq!(refused.status, 403, "{path}: {}", refused.text);
                assert!(refused.text.contains("The role does not allow it"), "{}", refused.text);
            }
            assert!(browser.page(PROFILE).await.contains("Your API token"));
        }
    }
}
