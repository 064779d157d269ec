//! Stages of leads: every end, every role, every move.

use domain::account::Role;
use domain::lead::{SITE_PATH, SPACE_PATH, Stage, Standing, check_move, next_stages};
use domain::requirement::Word as _;

#[test]
fn a_final_stage_is_left_only_by_reopening_and_with_a_reason() {
    let mut seen = 0;
    for path in [SITE_PATH, SPACE_PATH] {
        for &(_, stage) in Stage::WORDS.iter().filter(|(_, stage)| stage.is_final()) {
            for (&stood, &(_, role)) in path.iter().flat_map(|stood| Role::WORDS.iter().map(move |role| (stood, role)))
            {
                let lead = Standing { path, stage, stood };
                let may = role.decides_leads() && !stage.ends_path();
                assert_eq!(next_stages(lead, role), if may { vec![stood] } else { Vec::new() }, "{lead:?} {role:?}");
                for &(_, to) in Stage::WORDS {
                    assert_eq!(
                        check_move(lead, role, to, "因").is_ok(),
                        may && to == stood,
                        "{lead:?} {role:?} {to:?}"
                    );
                    assert!(check_move(lead, role, to, " ").is_err(), "{lead:?} {role:?} {to:?}");
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 5_000, "{seen} moves");
}
