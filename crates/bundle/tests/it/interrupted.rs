//! An import that ends in the middle is completed by the next one.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

use liaison_bundle::{Env, ImportError, Source};
use liaison_domain::{Entropy, Timestamp};

use crate::large::generated;
use crate::place::{is_unchanged, on_both};

struct Zeroes;

impl Entropy for Zeroes {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(0);
    }
}

on_both! {
    fn running_again_completes_it(place) {
        let text = generated(1500, 3000);
        let source = Source::File(place.file("bundle.json", &text));
        for stop in [1, 3, 12] {
            let transactions = AtomicUsize::new(0);
            let pause = |_| assert!(transactions.fetch_add(1, Ordering::Relaxed) < stop, "on purpose");
            let plan = liaison_bundle::check(&source, None, &place.db, &mut |_| {}).unwrap();
            let now = Timestamp::parse("2026-12-01").unwrap();
            let env = Env { now, entropy: &Zeroes, pause: &pause };
            let outcome = catch_unwind(AssertUnwindSafe(|| plan.apply(&place.db, &env, &mut |_| {})));
            assert!(outcome.is_err(), "it was to be stopped");
        }
        let report = place.import(&text);
        let handled = |report: &liaison_bundle::Report| -> Vec<u64> {
            report.kinds.iter().map(|kind| kind.added + kind.changed + kind.unchanged).collect()
        };
        assert_eq!(handled(&report), [1500, 1500, 3000, 1, 1500]);
        assert!(report.kinds.iter().any(|kind| kind.unchanged > 0), "{report:?}");
        assert!(report.kinds.iter().all(|kind| kind.changed == 0), "{report:?}");
        assert!(is_unchanged(&place.import(&text)));
        let whole = place.another();
        whole.import(&text);
        assert!(place.export() == whole.export(), "too long to be shown");
    }

    fn a_file_that_changes_in_between_is_not_written(place) {
        let path = place.file("bundle.json", generated(2, 2));
        let plan = liaison_bundle::check(&Source::File(path), None, &place.db, &mut |_| {}).unwrap();
        let before = place.export();
        place.file("bundle.json", generated(3, 2));
        let env = Env { now: Timestamp(0), entropy: &Zeroes, pause: &|_| {} };
        let outcome = plan.apply(&place.db, &env, &mut |_| {});
        assert!(matches!(outcome, Err(ImportError::Changed(_))), "{outcome:?}");
        assert_eq!(place.export(), before);
    }
}
