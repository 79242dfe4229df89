//! What was exported can be imported, and gives the same bundle again.

use liaison_bundle::Kind;

use crate::example::EXAMPLE;
use crate::place::{counts, is_unchanged, on_both};

on_both! {
    fn export_and_import_give_the_same_bytes(place) {
        place.import(EXAMPLE);
        let exported = place.export();
        let other = place.another();
        let report = other.import(&exported);
        assert!(counts(&report).iter().all(|line| line.contains(" 0 changed 0 unchanged")), "{report:?}");
        assert_eq!(report.new_tokens.len(), 2);
        assert_eq!(other.export(), exported);
        assert!(is_unchanged(&other.import(&exported)));
        assert!(is_unchanged(&place.import(&exported)));
    }

    fn an_empty_database_is_an_empty_bundle(place) {
        let exported = place.export();
        assert_eq!(exported, "{\"companies\":[],\n\"customers\":[],\n\"findings\":[]}\n");
        assert_eq!(place.import(&exported).kinds, []);
    }

    fn an_export_counts_its_rows(place) {
        place.import(EXAMPLE);
        let mut out = Vec::new();
        let exported = liaison_bundle::export(&place.db, &mut out, &mut |_| {}).unwrap();
        assert_eq!(exported.kinds.len(), Kind::ALL.len());
        assert!(exported.kinds.contains(&(Kind::Ratings, 2)), "{exported:?}");
    }
}
