//! Stories in a real browser against the real binary. Each is a function of `browser/stories/*.mjs` and has a test of
//! the same name here, one for each database: `story::invite_to_resolution::sqlite`.

mod script;
mod stage;

use liaison_testkit::Engine;

/// Stories of one script and where each plays: on the `sample` world with both databases or on its SQLite `file` alone, in the `demo` on its own
/// SQLite file, or on `everything`, the demonstration on PostgreSQL included.
macro_rules! stories {
    ($($script:ident { $($story:ident on $stage:ident;)+ })+) => {
        $(mod $script {
            $(mod $story {
                stories!(@test $stage, concat!(stringify!($script), "::", stringify!($story)));
            })+
        })+

        /// Every story that has a test.
        const STORIES: &[&str] = &[$($(concat!(stringify!($script), "::", stringify!($story))),+),+];
    };
    (@test sample, $name:expr) => {
        #[test]
        fn sqlite() {
            crate::script::play($name, (crate::stage::sample, crate::Engine::Sqlite));
        }

        #[test]
        fn postgres() {
            crate::script::play($name, (crate::stage::sample, crate::Engine::Postgres));
        }
    };
    (@test file, $name:expr) => {
        #[test]
        fn sqlite() {
            crate::script::play($name, (crate::stage::sample, crate::Engine::Sqlite));
        }
    };
    (@test demo, $name:expr) => {
        #[test]
        fn demo() {
            crate::script::play($name, (crate::stage::demo, crate::Engine::Sqlite));
        }
    };
    (@test everything, $name:expr) => {
        stories!(@test sample, $name);
        stories!(@test demo, $name);

        #[test]
        fn demo_postgres() {
            crate::script::play($name, (crate::stage::demo, crate::Engine::Postgres));
        }
    };
}

stories! {
    story {
        invite_to_resolution on everything;
    }
    forms {
        every_form_keeps_what_was_typed on demo;
        acceptance_keeps_what_was_typed on file;
        sign_in_keeps_the_address on file;
        a_forgotten_password_is_replaced on sample;
    }
    noscript {
        from_sign_in_to_resolution on sample;
    }
    keyboard {
        an_invitation_is_accepted on file;
        focus_is_always_seen on demo;
        lists_answer_to_keys on demo;
    }
    pages {
        pages_are_accessible_and_fit_their_window on demo;
        first_loads_are_light on demo;
        every_page_is_readable_without_script on demo;
    }
    xss {
        payloads_of_an_invitation_stay_text on file;
        payloads_stay_text_on_every_page on file;
    }
}

#[test]
fn every_story_of_the_scripts_has_a_test() {
    let mut tested: Vec<&str> = STORIES.to_vec();
    tested.sort_unstable();
    assert_eq!(
        script::list(),
        tested,
        "the table in e2e/tests/it/main.rs names the stories"
    );
}
