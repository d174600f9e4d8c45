//! People whose insurer left the region without a successor.

use super::super::{Effect, StayOverride};
use super::{Insurance, date, letter};
use sverka_model::{AttachmentMethod, Code, Date, InsurerId, OrganisationId};
use sverka_reference::{Succession, SuccessionLink};

/// The exit of insurer A, which leaves on 2026-08-01 after it took over B, while C works on; as of 2026-11-01.
fn exit(claims: &[&str]) -> String {
    exit_with_decisions(&[], claims)
}

/// Days on which people decided that the person is with an insurer.
struct DecidedDays {
    insurer: InsurerId,
    from: &'static str,
    to: &'static str,
}

/// The result of [`exit`] if people decided on the insurer of some days.
fn exit_with_decisions(decisions_of_people: &[DecidedDays], claims: &[&str]) -> String {
    let links = vec![
        SuccessionLink { ends: date("2026-08-01"), successor: None },
        SuccessionLink { ends: date("2024-01-01"), successor: Some(OrganisationId::new(0)) },
        SuccessionLink::ENDLESS,
    ];
    let insurance = Insurance { succession: Succession::new(links), ..Insurance::default() };
    let (mut stays, mut decisions, mut findings) = Default::default();
    let claims = insurance.sweep(claims, &mut stays, &mut decisions, &mut findings);
    for &DecidedDays { insurer, from, to } in decisions_of_people {
        let (from, to) = (date(from), date(to));
        let decided = StayOverride {
            entry: 0,
            rule: Code::OverrideInsurer,
            organisation: insurer.into(),
            from,
            to,
            method: AttachmentMethod::NONE,
            needs_record: true,
        };
        let effect = decided.apply(claims.as_slice(), Date::NEVER, &insurance.succession, &mut stays, &mut decisions);
        assert!(matches!(effect, Effect::Applied(_)), "{effect:?}");
    }
    match claims.left_by_insurer(&stays, &insurance.succession, date("2026-11-01")) {
        Some(left) => format!("{} by {} on {}", left.record, letter(left.insurer.into()), left.left_on),
        None => "-".to_owned(),
    }
}

#[test]
fn a_person_whose_insurer_leaves_has_to_choose() {
    assert_eq!(exit(&["A 2020-01-01.."]), "0 by A on 2026-08-01");
    // The insurer is read on its last day.
    assert_eq!(exit(&["B 2020-01-01.."]), "0 by A on 2026-08-01");
    assert_eq!(exit(&["C 2020-01-01.."]), "-");
}

#[test]
fn a_person_who_has_chosen_or_is_insured_later_has_not_to_choose() {
    assert_eq!(exit(&["A 2020-01-01..", "C 2026-09-01.."]), "-");
    assert_eq!(exit(&["A 2020-01-01..", "C 2026-12-01.."]), "-");
    // The person chose, and the new stay ended for a reason of its own.
    assert_eq!(exit(&["A 2020-01-01..", "C 2026-09-01..2026-10-01"]), "-");
    // The person chose while the insurer worked: the refused change takes effect when the insurer leaves.
    assert_eq!(exit(&["A 2020-01-01..", "C 2025-12-01.. applied=2025-11-20"]), "-");
}

#[test]
fn after_decided_days_with_another_insurer_the_last_insurer_leaves() {
    const C: InsurerId = InsurerId::new(2);
    let exit = |from, to| exit_with_decisions(&[DecidedDays { insurer: C, from, to }], &["A 2020-01-01.."]);
    assert_eq!(exit("2026-02-01", "2026-05-01"), "0 by A on 2026-08-01");
    assert_eq!(exit("2026-02-01", "2026-07-31"), "0 by A on 2026-08-01");
    // The decision ends when A leaves: C, with whom the person was, did not leave.
    assert_eq!(exit("2026-02-01", "2026-08-01"), "-");
    assert_eq!(exit("2026-02-01", "2026-09-01"), "-");
    assert_eq!(exit("2026-02-01", "9999-12-31"), "-");
}

#[test]
fn only_a_record_that_would_still_be_in_force_counts() {
    for (own_end, counts) in [("2026-11-02", true), ("2026-11-01", false), ("2026-08-01", false), ("2026-07-31", false)] {
        for claim in [format!("A 2020-01-01..{own_end}"), format!("A 2020-01-01.. term={own_end}")] {
            assert_eq!(exit(&[&claim]) != "-", counts, "{claim}");
        }
    }
    // Dead on the as-of date, alive on it, dead on the day before.
    for (death, counts) in [("2026-10-31", false), ("2026-11-01", true), ("2026-07-01", false)] {
        assert_eq!(exit(&[&format!("A 2020-01-01.. death={death}")]) != "-", counts, "{death}");
    }
}

#[test]
fn the_record_with_the_latest_application_counts_among_several() {
    assert_eq!(exit(&["A 2020-01-01.. applied=2019-12-01", "A 2022-01-01.."]), "1 by A on 2026-08-01");
    assert_eq!(exit(&["A 2020-01-01..", "A 2022-01-01..2026-10-01"]), "0 by A on 2026-08-01");
}
