//! Tests of the sweep: every decision and outcome in a case of a few claims.
//!
//! A claim reads `A 2020-01-01..2021-01-01 applied=2019-10-01`; an open end is left out. A stay reads `A 2020-01-01..2021-01-01 [0 1]` with the
//! claims it rests on, `?` when it is unresolved; a decision `1 refused CHANGE_LIMIT by 0 (B, A)`; a finding `0 NO_INTERVAL`.

mod clinics;
mod exits;
mod insurers;

use bytemuck::Zeroable;

use super::{ClaimFinding, DatedRecord, Decision, InsurerClaims, Stay, Stays, Sweep, Winner};
use sverka_model::{Date, OperationReason, OrganisationId, RegisterRecord};
use sverka_reference::{Succession, SuccessionLink};
use sverka_settings::InsurerRules;

fn date(text: &str) -> Date {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

/// A claim that was written as text.
struct ClaimText<'c> {
    organisation: OrganisationId,
    from: Date,
    to: Date,
    values: Vec<(&'c str, &'c str)>,
}

impl<'c> ClaimText<'c> {
    fn read(text: &'c str) -> Self {
        let mut words = text.split(' ');
        let organisation = words.next().expect("organisation").as_bytes()[0] - b'A';
        let (from, to) = words.next().and_then(|interval| interval.split_once("..")).expect("interval");
        let to = if to.is_empty() { Date::NEVER } else { date(to) };
        let values = words.map(|word| word.split_once('=').expect("name=value")).collect();
        Self { organisation: OrganisationId::new(organisation.into()), from: date(from), to, values }
    }

    fn value(&self, name: &str) -> Option<&'c str> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    fn source_date(&self) -> Date {
        self.value("source").map_or(Date::EARLIEST, date)
    }
}

fn borrowed<R>(records: &[DatedRecord<R>]) -> impl Iterator<Item = DatedRecord<&R>> {
    records.iter().map(|dated| DatedRecord { index: dated.index, record: &dated.record, source_date: dated.source_date })
}

fn letter(organisation: OrganisationId) -> char {
    char::from(b'A' + organisation.number() as u8)
}

fn outcome(stays: &Stays, decisions: &[Decision], findings: &[ClaimFinding], record: impl Fn(u32) -> u32) -> Vec<String> {
    let end = |to: Date| to.known().map_or(String::new(), |to| to.to_string());
    let stay_text = |stay: &Stay| {
        let claims: Vec<String> = stays.claims_of(stay).iter().map(|&claim| record(claim).to_string()).collect();
        let doubt = if stay.unresolved { "?" } else { "" };
        format!("{} {}..{} [{}]{doubt}", letter(stay.organisation), stay.from, end(stay.to), claims.join(" "))
    };
    let decision_text = |decision: &Decision| {
        let Decision { loser, winner, outcome, rule, losing, winning, .. } = decision;
        let winner = match winner {
            Winner::Record(record) => record.to_string(),
            Winner::Override(entry) => format!("entry {entry}"),
        };
        format!("{loser} {} {} by {winner} ({}, {})", outcome.name(), rule.name(), letter(*losing), letter(*winning))
    };
    let finding_text = |finding: &ClaimFinding| format!("{} {}", finding.record, finding.code.name());
    let stays = stays.as_slice().iter().map(stay_text);
    stays.chain(decisions.iter().map(decision_text)).chain(findings.iter().map(finding_text)).collect()
}

/// The insurers of a case, and the rules that decide between them.
struct Insurance {
    rules: InsurerRules,
    succession: Succession,
}

impl Default for Insurance {
    fn default() -> Self {
        Self { rules: InsurerRules::default(), succession: Succession::new(vec![SuccessionLink::ENDLESS; 3]) }
    }
}

impl Insurance {
    /// The outcome of claims as texts.
    fn outcome(&self, claims: &[&str]) -> Vec<String> {
        let (mut stays, mut decisions, mut findings) = Default::default();
        let insurance = self.sweep(claims, &mut stays, &mut decisions, &mut findings);
        outcome(&stays, &decisions, &findings, |claim| insurance.as_slice()[claim as usize].record)
    }

    fn sweep(
        &self,
        claims: &[&str],
        stays: &mut Stays,
        decisions: &mut Vec<Decision>,
        findings: &mut Vec<ClaimFinding>,
    ) -> InsurerClaims {
        let mut death = Date::NEVER;
        let records: Vec<DatedRecord<RegisterRecord>> = (0..)
            .zip(claims.iter().map(|text| ClaimText::read(text)))
            .map(|(index, claim)| {
                death = death.min(claim.value("death").map_or(Date::NEVER, date));
                let record = RegisterRecord {
                    insurer: claim.organisation.insurer(),
                    insured_from: claim.from,
                    stopped_on: claim.to,
                    term_end: claim.value("term").map_or(Date::NEVER, date),
                    applied_on: claim.value("applied").map_or(claim.from, date),
                    reason: claim
                        .value("reason")
                        .map_or(OperationReason::NONE, |code| OperationReason::new(code.parse().expect("a reason"))),
                    ..RegisterRecord::zeroed()
                };
                DatedRecord { index, record, source_date: claim.source_date() }
            })
            .collect();
        let mut insurance = InsurerClaims::default();
        let records = borrowed(&records);
        insurance.collect(records, death, &self.succession, findings);
        insurance.sweep(&mut Sweep::default(), &self.succession, &self.rules, stays, decisions, findings);
        insurance
    }
}

fn insurance(claims: &[&str]) -> Vec<String> {
    Insurance::default().outcome(claims)
}

/// Tests that each compare the outcome of claims with the expected one.
macro_rules! cases {
    ($outcome:ident $($name:ident: [$($claim:literal),*] => [$($expected:literal),*];)*) => {
        $(#[test]
        fn $name() {
            let expected: &[&str] = &[$($expected),*];
            assert_eq!($outcome(&[$($claim),*]), expected);
        })*
    };
}

use cases;
