//! The schedule of attempts.

use std::time::Duration;

use liaison_mail::retry::next_attempt;

#[test]
fn waits_grow_and_end_after_four_days() {
    // 127 of 255 is as good as no jitter.
    let minutes = |attempt| next_attempt(attempt, 127).map(|wait| (wait.as_secs_f64() / 60.0).round() as u64);
    let first: Vec<Option<u64>> = (1..=9).map(minutes).collect();
    assert_eq!(first, [2, 5, 10, 15, 30, 60, 120, 240, 240].map(Some));
    let attempts = (1..).take_while(|attempt| next_attempt(*attempt, 0).is_some()).count();
    assert_eq!(attempts, 29);
    let total: Duration = (1..=29).filter_map(|attempt| next_attempt(attempt, 127)).sum();
    assert!(
        total > Duration::from_hours(24 * 3) && total <= Duration::from_hours(24 * 4),
        "{total:?}"
    );
    assert_eq!(next_attempt(u32::MAX, 255), None);
}

#[test]
fn jitter_is_a_fifth_either_way() {
    for attempt in 1..=29 {
        let early = next_attempt(attempt, 0).unwrap().as_secs_f64();
        let late = next_attempt(attempt, 255).unwrap().as_secs_f64();
        assert!((late / early - 1.5).abs() < 0.001, "{early} {late}");
    }
    assert_eq!(next_attempt(1, 0), Some(Duration::from_secs(96)));
    assert_eq!(next_attempt(1, 255), Some(Duration::from_secs(144)));
}
