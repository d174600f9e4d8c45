//! The timelines of one person: from records to stays, decisions, findings and the row on the as-of date.

use super::override_effects::{
    DecidedPerson, EntryEffect, OverrideResults, RecordedDeath, alive_until, decided_alive, decided_profiles, overrule,
};
use super::record_view::RecordView;
use super::register_row::RegisterRow;
use super::register_row_checks::check_register_row;
use super::uninsured::{UninsuredAttachment, UninsuredPerson};
use sverka_kernel::identity::{AnyRecord, RecordIndex};
use sverka_kernel::timeline::{
    Change, Claim, ClaimFinding, ClinicClaims, DatedRecord, Decision, Effect, InsurerClaims, KnownInsurance, LeftByInsurer,
    ReportedDeath, Stays, Sweep, changes, end_records,
};
use sverka_model::{AttachmentRecord, Code, Date, PersonId, Profile, RegisterRecord};

/// Subject of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Subject {
    /// A clinic, in one profile. Clinics come before insurers, in the order of their names in the outputs.
    Clinic(Profile),
    /// An insurer.
    Insurer,
}

/// Decision with its subject.
#[derive(Clone, Copy, Debug)]
pub(super) struct SubjectDecision {
    pub subject: Subject,
    pub decision: Decision,
}

/// Attachment stays of a person in one profile.
#[derive(Clone, Copy)]
pub(super) struct ProfileStays<'p> {
    pub profile: Profile,
    pub stays: &'p Stays,
    pub claims: &'p [Claim],
}

/// Receiver of the results for one person, called in the order of the methods.
pub(super) trait PersonSink {
    /// Takes the insurance stays; `death` is the day of death or never.
    fn insurance(&mut self, view: RecordView<'_>, id: PersonId, stays: &Stays, claims: &[Claim], death: Date);
    /// Takes the attachment stays of one profile.
    fn attachments(&mut self, view: RecordView<'_>, id: PersonId, profile: &ProfileStays<'_>);
    /// Takes the register row on the as-of date. It has the numbers that survive.
    fn register(&mut self, view: RecordView<'_>, id: PersonId, of_person: &[RecordIndex], row: &RegisterRow);
    /// Takes the fact that the insurer left and the person has to choose another.
    fn must_choose(&mut self, view: RecordView<'_>, id: PersonId, of_person: &[RecordIndex], left: &LeftByInsurer);
    /// Takes an attachment record in force of a person who is not insured on the as-of date.
    fn attached_uninsured(&mut self, view: RecordView<'_>, id: PersonId, attachment: &UninsuredAttachment<'_>);
    /// Takes all decisions about the records, in the order of the outputs.
    fn decisions(&mut self, view: RecordView<'_>, id: PersonId, decisions: &[SubjectDecision]);
    /// Takes records and insurance stays for the comparison with other persons.
    fn relatives(&mut self, view: RecordView<'_>, id: PersonId, of_person: &[RecordIndex], insurance: &Stays);
    /// Takes the findings about the records.
    fn findings(&mut self, view: RecordView<'_>, id: PersonId, findings: &[ClaimFinding]);
    /// Takes the effect of an entry of the overrides on the stays.
    fn override_effect(&mut self, entry: u32, effect: Effect);
}

/// Reconciles persons one after another, with reused buffers.
#[derive(Default)]
pub(super) struct PersonWork {
    sweep: Sweep,
    insurer_claims: InsurerClaims,
    clinic_claims: ClinicClaims,
    insurance: Stays,
    attachment: Stays,
    /// Changes of district and doctor in the current profile.
    changes: Vec<Change>,
    subject_decisions: Vec<Decision>,
    decisions: Vec<SubjectDecision>,
    findings: Vec<ClaimFinding>,
    /// Effects of entries of the overrides.
    effects: Vec<EntryEffect>,
}

impl PersonWork {
    /// Reconciles one person and hands the results to `sink`; the records are in their order.
    pub fn person(&mut self, view: RecordView<'_>, id: PersonId, of_person: &[RecordIndex], sink: &mut impl PersonSink) {
        self.decisions.clear();
        self.findings.clear();
        self.effects.clear();
        let registers = || of_person.iter().filter_map(|&index| register_record(view, index));
        let (death, noticed) = registers().fold((Date::NEVER, false), |(death, noticed), DatedRecord { record, .. }| {
            (record.death_date.min(death), noticed | record.identity.flags.is_notice())
        });
        let death = if death != Date::NEVER {
            self.insure_reported_dead(view, &registers().collect::<Vec<_>>())
        } else if noticed {
            self.insure_noticed(view, &registers().collect::<Vec<_>>(), Date::EARLIEST, death);
            death
        } else {
            self.insure(view, registers(), death);
            death
        };
        if !view.override_entries.is_empty() {
            self.overrule_insurer(view, of_person, death);
        }
        let mut row = RegisterRow::insured(view, of_person, &self.insurance, self.insurer_claims.as_slice());
        sink.insurance(view, id, &self.insurance, self.insurer_claims.as_slice(), death);
        if let Some(left) = self.insurer_claims.left_by_insurer(&self.insurance, view.job.insurers.succession(), view.job.as_of) {
            self.findings.push(ClaimFinding { record: left.record, code: Code::MustChoose });
            sink.must_choose(view, id, of_person, &left);
        }
        let attachments = || of_person.iter().filter_map(|&index| attachment_record(view, index));
        let (profiles, noticed) = attachments().fold((0_u32, false), |(profiles, noticed), DatedRecord { record, .. }| {
            (profiles | record.profile.bit(), noticed | record.identity.flags.is_notice())
        });
        let profiles = if view.override_entries.is_empty() { profiles } else { profiles | decided_profiles(view) };
        for profile in Profile::ALL.into_iter().filter(|profile| profiles & profile.bit() != 0) {
            let profile_records = || attachments().filter(|dated| dated.record.profile == profile);
            self.changes.clear();
            if noticed {
                self.attach_noticed(view, profile, &profile_records().collect::<Vec<_>>(), death);
            } else {
                self.attach(view, profile, profile_records(), death);
            }
            let claims = self.clinic_claims.as_slice();
            if profile == RegisterRow::PROFILE {
                row.attach(view, &self.attachment, claims, &self.changes);
            }
            sink.attachments(view, id, &ProfileStays { profile, stays: &self.attachment, claims });
        }
        if row.insurance.is_none() && profiles != 0 {
            let records: Vec<_> = attachments().collect();
            let person = UninsuredPerson { death, insurance: &self.insurance, decisions: &self.decisions };
            person.attachments(view, &records, |attachment| sink.attached_uninsured(view, id, attachment));
        }
        check_register_row(view, of_person, &row, self.insurer_claims.as_slice(), &mut self.findings);
        self.decisions.sort_by_key(|SubjectDecision { subject, decision }| (*subject, decision.loser, decision.outcome));
        sink.register(view, id, of_person, &row);
        sink.relatives(view, id, of_person, &self.insurance);
        sink.decisions(view, id, &self.decisions);
        sink.findings(view, id, &self.findings);
        self.effects.iter().for_each(|&EntryEffect { entry, effect }| sink.override_effect(entry, effect));
    }

    /// Computes the insurance of a person without notices.
    fn insure<'r>(&mut self, view: RecordView<'_>, records: impl Iterator<Item = DatedRecord<&'r RegisterRecord>>, death: Date) {
        let succession = view.job.insurers.succession();
        let rules = &view.job.rules.insurer;
        self.insurer_claims.collect(records, death, succession, &mut self.findings);
        self.insurer_claims.sweep(
            &mut self.sweep,
            succession,
            rules,
            &mut self.insurance,
            &mut self.subject_decisions,
            &mut self.findings,
        );
        self.decisions
            .extend(self.subject_decisions.drain(..).map(|decision| SubjectDecision { subject: Subject::Insurer, decision }));
    }

    /// Computes the insurance of a person with notices. Notices of a death before `alive_until` do not count.
    #[cold]
    #[inline(never)]
    fn insure_noticed(&mut self, view: RecordView<'_>, records: &[DatedRecord<&RegisterRecord>], alive_until: Date, death: Date) {
        let succession = view.job.insurers.succession();
        let ended = end_records(records.iter().copied(), alive_until, succession, &mut self.findings);
        self.insure(view, borrowed(&ended), death);
    }

    /// Computes the insurance of a person with reported deaths. Returns the day of the death that counts, or never.
    #[cold]
    #[inline(never)]
    fn insure_reported_dead(&mut self, view: RecordView<'_>, records: &[DatedRecord<&RegisterRecord>]) -> Date {
        let alive_until = alive_until(view);
        decided_alive(view, records, &mut self.effects);
        let Some(reported) = ReportedDeath::from_records(records, alive_until) else {
            self.insure_noticed(view, records, alive_until, Date::NEVER);
            return Date::NEVER;
        };
        let is_on = view.job.severities.is_on(Code::DeathContradicted);
        if !is_on || !reported.may_be_contradicted(records, view.job.insurers.succession()) {
            self.insure_noticed(view, records, alive_until, reported.day);
            return reported.day;
        }
        let found_before = self.findings.len();
        self.insure_noticed(view, records, Date::NEVER, Date::NEVER);
        let contradiction = reported.contradiction(records, &self.insurance, self.insurer_claims.as_slice());
        let is_taken_back = contradiction.as_ref().is_some_and(|contradiction| contradiction.is_taken_back);
        let death = if is_taken_back { Date::NEVER } else { reported.day };
        if !is_taken_back {
            self.findings.truncate(found_before);
            self.decisions.clear();
            self.insure_noticed(view, records, alive_until, reported.day);
        }
        self.findings.extend(contradiction.iter().flat_map(|contradiction| contradiction.findings()));
        death
    }

    /// Computes the attachments of a person with notices, in one profile.
    #[cold]
    #[inline(never)]
    fn attach_noticed(
        &mut self,
        view: RecordView<'_>,
        profile: Profile,
        records: &[DatedRecord<&AttachmentRecord>],
        death: Date,
    ) {
        let succession = view.job.clinics.succession();
        let ended = end_records(records.iter().copied(), Date::EARLIEST, succession, &mut self.findings);
        self.attach(view, profile, borrowed(&ended), death);
        self.changes = changes(records.iter().copied(), &self.attachment, succession, &mut self.findings);
    }

    /// Computes the attachments of a person without notices, in one profile, and carries out the decisions by people.
    fn attach<'r>(
        &mut self,
        view: RecordView<'_>,
        profile: Profile,
        records: impl Iterator<Item = DatedRecord<&'r AttachmentRecord>>,
        death: Date,
    ) {
        let clinics = &view.job.clinics;
        let from_first_choice = self.insurer_claims.begin_by_first_choice(&self.insurance);
        let insurance = KnownInsurance { stays: &self.insurance, from_first_choice };
        self.clinic_claims.collect(records, death, insurance, clinics, &mut self.findings);
        self.clinic_claims.sweep(
            &mut self.sweep,
            clinics,
            &view.job.rules.clinic,
            &mut self.attachment,
            &mut self.subject_decisions,
            &mut self.findings,
        );
        let subject = Subject::Clinic(profile);
        self.decisions.extend(self.subject_decisions.drain(..).map(|decision| SubjectDecision { subject, decision }));
        if !view.override_entries.is_empty() {
            let results =
                &mut OverrideResults { decisions: &mut self.decisions, findings: &mut self.findings, effects: &mut self.effects };
            let claims = self.clinic_claims.as_slice();
            // A decision on a clinic needs no record, so no first record is named.
            let person = DecidedPerson { first: None, death, reported_deaths: &[] };
            overrule(view, Subject::Clinic(profile), person, claims, &mut self.attachment, results);
        }
    }

    /// Carries out the decisions by people on the insurer.
    fn overrule_insurer(&mut self, view: RecordView<'_>, of_person: &[RecordIndex], death: Date) {
        let results =
            &mut OverrideResults { decisions: &mut self.decisions, findings: &mut self.findings, effects: &mut self.effects };
        let registers = of_person.iter().filter_map(|&index| register_record(view, index));
        let reported_deaths: Vec<RecordedDeath> = registers
            .filter(|dated| dated.record.death_date != Date::NEVER)
            .map(|dated| RecordedDeath { record: dated.index, day: dated.record.death_date })
            .collect();
        let person = DecidedPerson { first: of_person.first().copied(), death, reported_deaths: &reported_deaths };
        let claims = self.insurer_claims.as_slice();
        overrule(view, Subject::Insurer, person, claims, &mut self.insurance, results);
    }
}

fn borrowed<R>(records: &[DatedRecord<R>]) -> impl Iterator<Item = DatedRecord<&R>> {
    records.iter().map(|dated| DatedRecord { index: dated.index, record: &dated.record, source_date: dated.source_date })
}

#[inline]
fn register_record(view: RecordView<'_>, index: RecordIndex) -> Option<DatedRecord<&RegisterRecord>> {
    match view.records.get(index) {
        AnyRecord::Register(record) => Some(DatedRecord { index, record, source_date: view.source_date(index) }),
        AnyRecord::Attachment(_) => None,
    }
}

#[inline]
fn attachment_record(view: RecordView<'_>, index: RecordIndex) -> Option<DatedRecord<&AttachmentRecord>> {
    match view.records.get(index) {
        AnyRecord::Register(_) => None,
        AnyRecord::Attachment(record) => Some(DatedRecord { index, record, source_date: view.source_date(index) }),
    }
}
