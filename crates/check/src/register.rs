//! Row checks of the register: one policy of one person with one insurer.

use super::checked_row::{CheckedRow, RowChecking};
use super::context::CheckContext;
use super::documents::Holder;
use super::fingerprint::{date_pair, hash_or_zero};
use super::further_fields::FurtherFields;
use super::identity_fields::CheckedIdentity;
use super::names::GivenNames;
use super::row_check::{FieldValue, RowCheck};
use super::sparse_attributes::{note_address, note_attributes};
use super::terms::PolicyTerm;
use super::{citizenship, documents, terms};
use sverka_intake::RowFields;
use sverka_model::{
    Action, Category, CategoryStatus, Code, Date, DocumentKind, Field, Identity, InsurerId, OperationReason, OrganisationId,
    PolicyKind, RegisterRecord, RowOwner, RowSink, Snils, Table,
};
use sverka_reference::WorkStatus;

/// Notices that a register may have: strike-offs.
const NOTICES: [Action; 1] = [Action::End];

/// Dates of a register row. Ends are the first day after.
struct Dates {
    birth: Option<Date>,
    from: Option<Date>,
    to: Option<Date>,
    stopped: Option<Date>,
    applied: Option<Date>,
    death: Option<Date>,
}

/// Insurance of a row that is no notice.
struct Insurance<'d> {
    dates: &'d Dates,
    category: Category,
    policy_kind: PolicyKind,
    document: DocumentKind,
    document_of_another: bool,
    further: &'d FurtherFields,
    /// Hash of the citizenship as received; 0 when empty.
    citizenship: u64,
    term_end: Date,
}

impl CheckedRow for RegisterRecord {
    #[inline]
    fn check(row: &mut RowChecking<'_, '_, '_>) -> Option<Self> {
        check(&mut row.0)
    }

    #[inline]
    fn pass_on(&self, texts: [&[u8]; 3], sink: &mut impl RowSink) {
        sink.register(self, texts);
    }

    const NOBODY: RowOwner = RowOwner { table: Table::Register, organisation: None };

    #[inline]
    fn organisation(&self) -> OrganisationId {
        self.insurer.into()
    }

    fn named(fields: RowFields<'_>, context: CheckContext<'_>) -> RowOwner {
        RowOwner { organisation: context.insurers.find(fields.bytes(Field::Insurer)).map(OrganisationId::from), ..Self::NOBODY }
    }
}

/// Checks one row, and returns its record if no finding is an error.
#[inline]
pub(super) fn check(row: &mut RowCheck<'_, '_, '_>) -> Option<RegisterRecord> {
    let GivenNames { surname, given_name } = row.surname_and_given_name();
    let action = row.action(&NOTICES);
    let dates = dates(row, action);
    let sex = row.sex(true);
    let enp = row.enp(dates.birth, sex);
    let policy_number = row.text(Field::PolicyNumber);
    let policy_kind = row.policy_kind(true);
    if let Some(missing) = row.missing_number(policy_kind, policy_number, enp.given) {
        row.report(Code::FieldRequired, missing);
    }
    let snils = row.snils();
    let insurer = insurer(row, dates.from);
    let document = documents::kind_and_number(row);
    let further = FurtherFields::read(row);
    let category = category(row);
    let reason = reason(row);
    check_snils_is_given(row, snils, category, dates.birth);
    let citizenship = hash_or_zero(row.text(Field::Citizenship));
    let document_of_another = documents::is_of_another(row, document, dates.birth, further.issued);
    // A notice has no interval and no term. Its other values are checked against the records of the person.
    let term_end = if action == Action::New { term_end(row, category, &dates) } else { Date::NEVER };
    if action == Action::New {
        let (dates, further) = (&dates, &further);
        let insurance = Insurance { dates, category, policy_kind, document, document_of_another, further, citizenship, term_end };
        check_insurance(row, &insurance);
    }
    let start = if action == Action::New { dates.from } else { dates.from.or(Some(Date::EARLIEST)) };
    let sparse_attributes = note_attributes(row, action, dates.birth, dates.from);
    let names = row.names(surname, given_name, sex);
    let (Some(birth_date), Some(insured_from), Some(insurer)) = (dates.birth, start, insurer) else { return None };
    if !row.is_acceptable() {
        return None;
    }
    note_address(row, action, insurer);
    let checked = CheckedIdentity { enp, snils, birth_date, sex, policy_kind, policy_number, names, action, document_of_another };
    let (identity, hash) = row.identity(&checked);
    let codes = u64::from(insurer)
        | u64::from(policy_kind.code()) << 16
        | u64::from(identity.sex) << 24
        | u64::from(category.number()) << 32
        | u64::from(reason.code()) << 40
        | (action as u64) << 48;
    let fingerprint = hash
        .with(codes, date_pair(dates.birth, dates.from))
        .with(date_pair(dates.to, dates.stopped), date_pair(dates.applied, dates.death))
        .with(hash_or_zero(row.text(Field::Region)), hash_or_zero(row.text(Field::BirthPlace)))
        .with(citizenship, further.fingerprint ^ sparse_attributes)
        .finish();
    Some(RegisterRecord {
        identity: Identity { fingerprint: fingerprint >> (u64::BITS - Identity::FINGERPRINT_BITS), ..identity },
        insured_from,
        term_end,
        stopped_on: dates.stopped.unwrap_or(Date::NEVER),
        death_date: dates.death.unwrap_or(Date::NEVER),
        applied_on: dates.applied.unwrap_or(insured_from),
        insurer,
        category,
        reason,
    })
}

/// Checks that people who must have a SNILS give one: adult citizens, and the categories of the EAEU.
#[inline]
fn check_snils_is_given(row: &mut RowCheck<'_, '_, '_>, snils: Snils, category: Category, birth: Option<Date>) {
    let is_citizen = category.status() == Some(CategoryStatus::Citizen);
    if snils == Snils::NONE && is_citizen && birth.is_some_and(|birth| row.is_adult(birth)) {
        row.report(Code::SnilsRequired, Field::Snils);
    }
    if snils == Snils::NONE && category.is_in(row.context().rules.rows.eaeu) {
        row.report(Code::SnilsRequiredEaeu, Field::Snils);
    }
}

/// Checks document, policy, application, notice and citizenship of an insurance.
#[inline]
fn check_insurance(row: &mut RowCheck<'_, '_, '_>, insurance: &Insurance<'_>) {
    let &Insurance { dates, category, policy_kind, document, document_of_another, further, citizenship, term_end } = insurance;
    let &Dates { birth, from, to, stopped, applied, .. } = dates;
    let birth = birth.filter(|&birth| row.is_plausible_birth(birth));
    let end = stopped.map_or(term_end, |stopped| stopped.min(term_end));
    let holder = Holder { category, passport_is_of_another: document_of_another, birth, applied, age_on: applied.or(from), end };
    documents::check_for_holder(row, document, &holder, further);
    terms::policy(row, &PolicyTerm { kind: policy_kind, category, from, to, applied });
    terms::application(row, applied, birth, from, end);
    terms::late_notice(row, further.changed, applied);
    citizenship::check(row, category, citizenship);
}

/// Reads the dates of a row, and checks their order.
#[inline]
fn dates(row: &mut RowCheck<'_, '_, '_>, action: Action) -> Dates {
    let dates = Dates {
        birth: row.birth_date(),
        from: row.start_date(Field::InsuredFrom, action),
        to: row.end_date(Field::InsuredTo),
        stopped: row.end_date(Field::StoppedOn),
        applied: row.date(Field::AppliedOn),
        death: row.date(Field::DeathDate),
    };
    row.check_order(dates.from, dates.to, Field::InsuredTo);
    row.check_order(dates.from, dates.stopped, Field::StoppedOn);
    row.check_not_before_birth(dates.birth, dates.from, Field::InsuredFrom);
    if action == Action::End {
        check_has_end(row, &dates);
    }
    dates
}

/// Checks that a strike-off has a day on which the insurance ends, or a day of death.
#[cold]
fn check_has_end(row: &mut RowCheck<'_, '_, '_>, dates: &Dates) {
    let is_without_death = || row.counts_as_absent(Field::DeathDate, Code::DateInvalid);
    if dates.stopped.is_none() && dates.death.is_none() && row.is_without_end(Field::StoppedOn) && is_without_death() {
        row.report(Code::FieldRequired, Field::StoppedOn);
    }
}

/// The insurer of the row, as an index of the reference table.
fn insurer(row: &mut RowCheck<'_, '_, '_>, from: Option<Date>) -> Option<InsurerId> {
    let insurers = row.context().insurers;
    let insurer = match row.read(Field::Insurer, |code| insurers.find(code)) {
        FieldValue::Parsed(insurer) => insurer,
        FieldValue::Unparsed(code) => {
            row.report(if code.is_empty() { Code::FieldRequired } else { Code::InsurerUnknown }, Field::Insurer);
            return None;
        }
    };
    match from.map_or(WorkStatus::Working, |from| insurers.get(insurer).work_status_on(from)) {
        WorkStatus::Working => {}
        WorkStatus::BeforeDictionary => {
            row.report(Code::BeforeDictionary, Field::InsuredFrom);
        }
        WorkStatus::NotWorking => {
            row.report(Code::InsurerNotWorking, Field::Insurer);
        }
    }
    if row.lookups().is_foreign_insurer(insurer) {
        row.report(Code::InsurerOtherRegion, Field::Insurer);
    }
    Some(insurer)
}

/// The category of the row; none when absent or unknown.
fn category(row: &mut RowCheck<'_, '_, '_>) -> Category {
    let read = |text: &[u8]| if text.is_empty() { Some(Category::NONE) } else { Category::parse(text) };
    match row.read(Field::Category, read) {
        FieldValue::Parsed(category) => category,
        FieldValue::Unparsed(_) => {
            row.report(Code::CategoryUnknown, Field::Category);
            Category::NONE
        }
    }
}

/// Bit set of the operations of dictionary R001, by their numbers without the letter П.
const REASONS: u64 = {
    let codes = [10, 21, 22, 23, 24, 25, 31, 32, 33, 34, 35, 36, 40, 60, 61, 62, 63];
    let (mut reasons, mut index) = (0, 0);
    while index < codes.len() {
        reasons |= 1 << codes[index];
        index += 1;
    }
    reasons
};

/// The operation of the row; none when unknown.
fn reason(row: &mut RowCheck<'_, '_, '_>) -> OperationReason {
    let read = |text: &[u8]| match *text {
        [] => Some(OperationReason::NONE),
        // П in UTF-8, then 0 and two digits.
        [0xD0, 0x9F, b'0', tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => {
            let code = (tens - b'0') * 10 + (ones - b'0');
            (code < 64 && REASONS >> code & 1 == 1).then_some(OperationReason::new(code))
        }
        _ => None,
    };
    match row.read(Field::Reason, read) {
        FieldValue::Parsed(reason) => reason,
        FieldValue::Unparsed(_) => {
            row.report(Code::ReasonUnknown, Field::Reason);
            OperationReason::NONE
        }
    }
}

/// The planned end for categories with a limited term; [`Date::NEVER`] for others.
fn term_end(row: &mut RowCheck<'_, '_, '_>, category: Category, dates: &Dates) -> Date {
    let limited = row.context().rules.is_term_limited(category);
    if limited && dates.to.is_none() && row.is_without_end(Field::InsuredTo) {
        row.report(Code::TermMissing, Field::InsuredTo);
        return dates.from.and_then(|from| Date::from_ymd(from.year() + 1, 1, 1)).unwrap_or(Date::NEVER);
    }
    if !limited && dates.to.is_some() {
        row.report(Code::TermIgnored, Field::InsuredTo);
    }
    dates.to.filter(|_| limited).unwrap_or(Date::NEVER)
}
