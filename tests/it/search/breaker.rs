//! The circuit breaker, by a clock that the test holds.

use std::time::{Duration, Instant};

use luodi::search::Breaker;

#[test]
fn five_failures_open_it_and_one_call_in_ten_seconds_tries_again() {
    let breaker = Breaker::new(5, Duration::from_secs(10));
    let start = Instant::now();
    let at = |seconds| start + Duration::from_secs(seconds);
    for _ in 0..4 {
        breaker.failed(start);
    }
    assert!(breaker.admits(start), "four are not five");
    breaker.succeeded();
    for _ in 0..5 {
        assert!(breaker.admits(start), "a success forgives what was before");
        breaker.failed(start);
    }
    assert!(!breaker.admits(at(9)));
    assert!(breaker.admits(at(10)) && !breaker.admits(at(10)), "one tries, the others rest");
    breaker.failed(at(11));
    assert!(!breaker.admits(at(20)));
    assert!(breaker.admits(at(21)));
    breaker.succeeded();
    assert!(breaker.admits(at(21)) && breaker.admits(at(21)));
}
