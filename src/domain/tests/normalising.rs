//! Properties of normalisation: it is idempotent, and its result is safe in a header field.

use domain::account::Role;
use domain::contact::{Mail, Phone, company_key, visible_name};
use domain::decimal::Decimal;
use domain::lead::{SITE_PATH, SPACE_PATH, Stage, Standing, check_move, next_stages};
use domain::requirement::{Requirement, Word as _};
use domain::uscc::Uscc;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use serde_json::json;

/// Generates a mobile number in a common notation, with its E.164 form.
fn written_mobile() -> impl Strategy<Value = (String, String)> {
    let prefix = prop_oneof![Just(""), Just("+86"), Just("+86 "), Just("86-"), Just("0086"), Just("(+86)")];
    let gap = prop_oneof![Just(""), Just(" "), Just("-"), Just(".")];
    (prefix, gap, 0_u32..10_000, any::<bool>()).prop_map(|(prefix, gap, number, is_wide)| {
        let (one, two, three) = ("138", "0013", format!("{number:04}"));
        let written = format!("{prefix}{one}{gap}{two}{gap}{three}");
        let wide = |c: char| match c {
            '0'..='9' => char::from_u32(c as u32 + 0xfee0).unwrap_or(c),
            _ => c,
        };
        let written = if is_wide { written.chars().map(wide).collect() } else { written };
        (written, format!("+86{one}{two}{three}"))
    })
}

/// Generates text as forms submit it, with characters that imitate others.
fn anything() -> impl Strategy<Value = String> {
    let odd = prop_oneof![
        Just("\u{200b}".to_owned()),
        Just("\u{202e}".to_owned()),
        Just("\r\nBcc: a@example.com".to_owned()),
        Just("\u{0}".to_owned()),
        Just("𠮷㐀".to_owned()),
        Just("（有限）公司".to_owned()),
        Just("@example.com".to_owned()),
        "\\PC{0,12}",
        "[0-9+ ()-]{0,16}",
        "[a-zA-Z0-9.!#%+_-]{1,12}",
    ];
    proptest::collection::vec(odd, 0..4).prop_map(|parts| parts.concat())
}

fn role() -> impl Strategy<Value = Role> {
    prop_oneof![Just(Role::Admin), Just(Role::Manager), Just(Role::Officer), Just(Role::Observer)]
}

fn stage() -> impl Strategy<Value = Stage> {
    (0..Stage::WORDS.len()).prop_map(|at| Stage::WORDS[at].1)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn every_writing_of_a_mobile_is_one_number((written, number) in written_mobile()) {
        prop_assert_eq!(Phone::parse(&written).map(String::from), Some(number), "{}", written);
    }

    #[test]
    fn a_number_is_its_own_normal_form(text in anything()) {
        if let Some(phone) = Phone::parse(&text) {
            prop_assert_eq!(Phone::parse(phone.e164()), Some(phone));
        }
    }

    #[test]
    fn an_address_is_its_own_normal_form_and_breaks_no_header(text in anything()) {
        if let Some(mail) = Mail::parse(&text) {
            let address = mail.as_str();
            prop_assert!(address.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>,;:\"()[]\\".contains(&byte)));
            prop_assert_eq!(address.matches('@').count(), 1);
            prop_assert_eq!(Mail::parse(address), Some(mail));
        }
    }

    #[test]
    fn a_visible_name_is_its_own_normal_form_and_holds_nothing_unseen(text in anything()) {
        if let Some(name) = visible_name(&text, 100) {
            let unseen = |c: char| c.is_control() || matches!(c, '\u{200b}' | '\u{202a}'..='\u{202e}');
            prop_assert!(!name.contains(unseen));
            prop_assert_eq!(visible_name(name, 100), Some(name));
        }
    }

    #[test]
    fn width_case_and_blanks_do_not_part_two_spellings_of_a_company(name in "[一-龥a-z0-9()]{2,12}") {
        let wide = |c: char| if c.is_ascii_graphic() { char::from_u32(c as u32 + 0xfee0).unwrap_or(c) } else { c };
        let key = company_key(&name);
        prop_assert_eq!(&company_key(&name.chars().map(wide).collect::<String>()), &key);
        prop_assert_eq!(&company_key(&name.to_uppercase()), &key);
        prop_assert_eq!(&company_key(&name.chars().flat_map(|c| [c, ' ']).collect::<String>()), &key);
    }

    #[test]
    fn a_number_prints_as_it_parses(micro in any::<i64>()) {
        let number = Decimal::from_micro(micro);
        prop_assert_eq!(Decimal::parse(&number.to_string()), Ok(number));
    }

    #[test]
    fn a_credit_code_with_one_character_changed_is_refused(at in 0_usize..18, symbol in "[0-9A-HJ-NP-RTUWXY]") {
        let code = "91330200MA2AF7X82L";
        let Ok(known) = Uscc::parse(code) else { return Ok(()) };
        let mut changed: Vec<String> = known.as_str().chars().map(String::from).collect();
        let is_same = changed[at] == symbol;
        changed[at] = symbol;
        prop_assert_eq!(Uscc::parse(&changed.concat()).is_ok(), is_same);
    }

    #[test]
    fn a_requirement_survives_its_json(
        min in 1_i64..1_000_000, more in 0_i64..1_000_000, tax in 0_i64..1_000_000_000, buys in any::<bool>(),
        wishes in any::<bool>(),
    ) {
        let amount = |ten_thousandths: i64| Decimal::from_micro(ten_thousandths * 100);
        let body = json!({
            "land_mu": { "min": amount(min), "max": amount(min + more) }, "tax_wan": amount(tax),
            "tenure": if buys { "buy" } else { "lease" }, "regions": ["330200"], "industry": "3670",
            "prefer": if wishes { vec!["tax"] } else { Vec::new() },
        });
        let read = Requirement::from_json(&body).expect("a requirement");
        prop_assert_eq!(Requirement::from_json(&read.to_json()), Ok(read));
    }

    #[test]
    fn a_history_of_a_lead_takes_no_forbidden_step(
        is_site in any::<bool>(), role in role(), steps in proptest::collection::vec((stage(), any::<bool>()), 0..40),
    ) {
        let path = if is_site { SITE_PATH } else { SPACE_PATH };
        let mut history = vec![Stage::Registered];
        for (to, has_reason) in steps {
            let at = history[history.len() - 1];
            let lead = Standing::of(path, at, history.iter().copied());
            let reason = if has_reason { "客户要求" } else { " " };
            let is_allowed = check_move(lead, role, to, reason).is_ok();
            prop_assert_eq!(is_allowed, next_stages(lead, role).contains(&to) && (has_reason || !lead.needs_reason(to)));
            prop_assert!(!is_allowed || !at.ends_path() && at != to);
            let reopens = role.decides_leads() && has_reason && to == lead.stood;
            prop_assert!(!is_allowed || !at.is_final() || reopens, "a final stage is left by reopening alone");
            if is_allowed {
                history.push(to);
            }
        }
    }
}
