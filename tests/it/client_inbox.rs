//! `liaison inbox` against a served Liaison.

use liaison_testkit::invitations::{documented, to_vera, with};
use liaison_testkit::{Shell, json, on_both, world};

const NOBODY: &str = "019ab4c2-9f30-7d11-8c5e-0f6a2b1d3e4f";
const INBOX: &str = "/ratings/v1/access-requests/received";

on_both! {
    async fn received_requests(app) {
        let shell = Shell::new(app.base(), world::VENDOR_ADMIN);
        assert!(shell.out(&["inbox"]).contains("Nothing was received yet"));
        let (emma, vera) = app.pair();
        let first = emma.invited(&with(to_vera(), &json!({"reason": "validation", "notes": "Private."}))).await;
        app.clock.advance_days(1);
        let second = emma.invited(&documented()).await;
        let table = shell.out(&["inbox"]);
        insta::assert_snapshot!(table.replace(&first, "[first]").replace(&second, "[second]"), @r"
        GUID                                  SENT         STATUS   FROM                     SENDER                           REASON       ITEMS  NEXT
        [second]  13 Nov 2026  Pending  Blue Seas International  Emma Waters <emma@blueseas.com>  remediation      2  accept it until 27 Nov 2026, by the link in the mail
        [first]  12 Nov 2026  Active   Blue Seas International  Emma Waters <emma@blueseas.com>  validation       0  you are in; answer in the thread
        ");
        assert_eq!(shell.out(&["inbox", "--json"]), format!("{}\n", vera.get(INBOX).await.text));
        let found = |arguments: &[&str]| shell.out(&[&["inbox", "--quiet"][..], arguments].concat());
        let (only_first, only_second) = (format!("{first}\n"), format!("{second}\n"));
        assert_eq!(found(&[]), format!("{second}\n{first}\n"), "newest first");
        assert_eq!(found(&["--reason", "validation"]), only_first);
        assert_eq!(found(&["--status", "active"]), only_first);
        assert_eq!(found(&["--since", "2026-11-13"]), only_second);
        assert_eq!(found(&["--from", "blue seas"]), format!("{second}\n{first}\n"));
        assert_eq!(found(&["--from", world::CLIENT, "--limit", "1"]), only_second);
        assert_eq!(found(&["--from", "greystone"]), "");
        assert_eq!(shell.out(&["inbox", "--from", "greystone"]), "No request is like that.\n");
        let narrowed = shell.answer(&["inbox", "--reason", "validation"]);
        assert_eq!((narrowed.as_array().unwrap().len(), &narrowed[0]["notes"]), (1, &json!(null)));
    }

    async fn looking_marks_nothing_as_read(app) {
        let shell = Shell::new(app.base(), world::VENDOR_ADMIN);
        let (emma, vera) = app.pair();
        let guid = emma.invited(&to_vera()).await;
        let page = shell.out(&["inbox", "show", &guid]);
        assert!(page.contains("Emma Waters <emma@blueseas.com>") && page.contains("Blue Seas International"), "{page}");
        assert_eq!(shell.out(&["inbox", "--unread", "--quiet"]), format!("{guid}\n"));
        assert_eq!(vera.received(&guid).await["read"], false);
        shell.out(&["inbox", "show", &guid, "--read"]);
        assert_eq!(vera.received(&guid).await["read"], true);
        assert_eq!(shell.out(&["inbox", "--unread", "--quiet"]), "");
        for arguments in [&["inbox", "show", NOBODY][..], &["inbox", "show", NOBODY, "--read"]] {
            let unknown = shell.run(arguments);
            assert!(unknown.refusal(1).contains("no request in the inbox has the guid"), "{unknown:?}");
        }
        let sender = Shell::new(app.base(), world::CLIENT_ADMIN);
        assert!(sender.run(&["inbox", "show", &guid]).refusal(1).contains("no request in the inbox"));
        let filtered = shell.run(&["inbox", "--unread", "show", &guid]);
        assert!(filtered.refusal(2).contains("leave the filters out"), "{filtered:?}");
    }
}
