//! The rules of a draft, each at its edge.

use super::*;

fn draft() -> Draft {
    Draft {
        requestee_friendly_name: "Maria".into(),
        requestee_formal_name: "Maria Castro".into(),
        requestee_email: "mcastro@blackhills.com".into(),
        ..Draft::default()
    }
}

fn company() -> InvitedCompany {
    InvitedCompany {
        kind: CompanyType::Curated,
        domains: vec!["blackhills.com".into()],
    }
}

fn field(result: Result<Checked, Refusal>) -> String {
    match result {
        Err(Refusal::Field { field, .. }) => field,
        other => panic!("expected a refused field, got {other:?}"),
    }
}

#[test]
fn the_company_rules_come_in_their_order() {
    let mut all_wrong = draft();
    all_wrong.requestee_email = "someone@elsewhere.example".into();
    all_wrong.ccs = Some("x".repeat(limits::CCS_CHARS + 1));
    all_wrong.rolledup_observation_ids = vec!["a".into(); limits::OBSERVATIONS + 1];
    let unusable = InvitedCompany {
        kind: CompanyType::Private,
        ..company()
    };
    assert_eq!(all_wrong.check_company(&unusable), Err(Refusal::EntityNotUsable));
    assert_eq!(all_wrong.check_company(&company()), Err(Refusal::UnrelatedEmailDomain));
    all_wrong.requestee_email = draft().requestee_email;
    assert_eq!(all_wrong.check_company(&company()), Err(Refusal::CcsTooLong));
    all_wrong.ccs = Some("\u{e9}".repeat(limits::CCS_CHARS));
    assert_eq!(all_wrong.check_company(&company()), Err(Refusal::TooManyObservations));
    all_wrong.rolledup_observation_ids.pop();
    assert_eq!(all_wrong.check_company(&company()), Ok(()));
}

#[test]
fn nobody_invites_themselves_in_any_case() {
    assert_eq!(
        draft().check_not_self("MCastro@BlackHills.com"),
        Err(Refusal::ToYourself)
    );
    assert_eq!(draft().check_not_self("other@blackhills.com"), Ok(()));
    assert_eq!(draft().check_not_self(""), Ok(()));
}

#[test]
fn fields_are_named_when_they_break_a_rule() {
    let with = |change: fn(&mut Draft)| {
        let mut draft = draft();
        change(&mut draft);
        draft.check_fields()
    };
    assert_eq!(field(with(|d| d.trial_duration = Some(0))), "trial_duration");
    assert_eq!(field(with(|d| d.trial_duration = Some(366))), "trial_duration");
    assert_eq!(field(with(|d| d.reason = Some("self_requested".into()))), "reason");
    assert_eq!(
        field(with(|d| d.message = "m".repeat(limits::TEXT_CHARS + 1))),
        "message"
    );
    assert_eq!(field(with(|d| d.ccs = Some("a@b.example,nobody".into()))), "ccs");
    assert_eq!(
        field(with(|d| d.risk_vectors = vec!["dnssec".into(), "nope".into()])),
        "context.risk_vectors[1].risk_vector.slug"
    );
    assert_eq!(
        field(with(|d| d.third_parties = vec![ThirdParty::default()])),
        "third_parties[0].email"
    );
    assert_eq!(
        field(with(
            |d| d.third_parties = vec![ThirdParty::default(); limits::THIRD_PARTIES + 1]
        )),
        "third_parties"
    );
    assert_eq!(
        field(with(|d| d.requestee_formal_name.clear())),
        "requestee_formal_name"
    );
}

#[test]
fn edges_that_are_still_allowed() {
    let mut draft = draft();
    draft.message = "\u{1f600}".repeat(limits::TEXT_CHARS);
    draft.trial_duration = Some(365);
    draft.ccs = Some(" a@b.example , c@d.example".into());
    draft.risk_vectors = vec!["botnet".into(), "botnet_infections".into()];
    draft.rolledup_observation_ids = vec!["x".into(), "x".into()];
    let checked = draft.check_fields().unwrap();
    assert_eq!(checked.ccs.as_deref(), Some("a@b.example,c@d.example"));
    assert_eq!(checked.risk_vectors.len(), 1);
    assert_eq!(checked.observations, ["x"]);
    assert_eq!(checked.reason, Reason::Other);
}

#[test]
fn contacts_fill_what_is_empty() {
    let contact = KnownPerson {
        friendly_name: "Maria".into(),
        formal_name: "Maria Castro".into(),
        email: "mcastro@blackhills.com".into(),
        phone: "1".into(),
    };
    let mut empty = Draft::default();
    empty.fill_from(&contact);
    assert_eq!(empty.requestee_email, contact.email);
    assert_eq!(empty.requestee_formal_name, contact.formal_name);
    let mut other = Draft {
        requestee_email: "x@blackhills.com".into(),
        ..Draft::default()
    };
    other.fill_from(&contact);
    assert_eq!(other.requestee_formal_name, "");
}

#[test]
fn one_name_gives_the_other() {
    let mut only_formal = Draft {
        requestee_formal_name: " Maria Castro ".into(),
        ..Draft::default()
    };
    only_formal.complete_names();
    assert_eq!(only_formal.requestee_friendly_name, "Maria");
    let mut only_friendly = Draft {
        requestee_friendly_name: "Maria".into(),
        ..Draft::default()
    };
    only_friendly.complete_names();
    assert_eq!(only_friendly.requestee_formal_name, "Maria");
}
