//! The row checks of the register: one policy of one person with one insurer.

use super::citizenship;
use super::context::{Read, RowCheck, date_pair};
use super::documents::{self, Holder};
use super::further_fields::FurtherFields;
use super::identity_fields::{CheckedIdentity, hash_of};
use super::names::GivenNames;
use super::sparse_attributes::{note_address, note_attributes};
use super::terms::{self, PolicyTerm};
use sverka_model::{Action, Code, Date, Field, Identity, InsurerId, RegisterRecord};
use sverka_reference::WorkStatus;

/// Citizens of the Russian Federation, working and not working.
const CITIZENS: [u8; 2] = [1, 6];

/// The notices of a register: strike-offs.
const NOTICES: [Action; 1] = [Action::End];

/// The dates of a register row.
struct Dates {
    birth: Option<Date>,
    from: Option<Date>,
    to: Option<Date>,
    stopped: Option<Date>,
    applied: Option<Date>,
    death: Option<Date>,
}

/// Checks one row; the record when nothing found is an error.
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
        row.found(Code::FieldRequired, missing);
    }
    let snils = row.snils();
    let insurer = insurer(row, dates.from);
    let document = documents::kind_and_number(row);
    let further = FurtherFields::read(row);
    let category = category(row);
    let reason = reason(row);
    if snils == 0 && CITIZENS.contains(&category) && dates.birth.is_some_and(|birth| row.adult(birth)) {
        row.found(Code::SnilsRequired, Field::Snils);
    }
    if snils == 0 && category < 16 && row.context().rules.rows.eaeu >> category & 1 == 1 {
        row.found(Code::SnilsRequiredEaeu, Field::Snils);
    }
    let citizenship = hash_of(row.text(Field::Citizenship));
    let document_of_another = documents::is_of_another(row, document, dates.birth, further.issued);
    // A notice has no interval of its own, and so no term; what else it says of the person, its records say.
    let term_end = if action == Action::New { term_end(row, category, &dates) } else { Date::NEVER };
    if action == Action::New {
        let Dates { birth, from, to, stopped, applied, .. } = dates;
        let birth = birth.filter(|&birth| row.living(birth));
        let end = stopped.map_or(term_end, |stopped| stopped.min(term_end));
        let has_document_of_another = document_of_another;
        let holder = Holder { category, has_document_of_another, birth, applied, on: applied.or(from), end };
        documents::belongs(row, document, &holder, &further);
        terms::policy(row, &PolicyTerm { kind: policy_kind, category, from, to, applied });
        terms::application(row, applied, birth, from, end);
        terms::late_notice(row, further.changed, applied);
        citizenship::check(row, category, citizenship);
    }
    let start = if action == Action::New { dates.from } else { dates.from.or(Some(Date::EARLIEST)) };
    let sparse_attributes = note_attributes(row, action, dates.birth, dates.from);
    let names = row.names(surname, given_name, sex);
    let (Some(birth_date), Some(insured_from), Some(insurer)) = (dates.birth, start, insurer) else { return None };
    if !row.acceptable() {
        return None;
    }
    note_address(row, action, insurer);
    let checked = CheckedIdentity { enp, snils, birth_date, sex, policy_kind, policy_number, names, action, document_of_another };
    let (identity, hash) = row.identity(&checked);
    let codes = u64::from(insurer)
        | u64::from(policy_kind) << 16
        | u64::from(identity.sex) << 24
        | u64::from(category) << 32
        | u64::from(reason) << 40
        | (action as u64) << 48;
    let fingerprint = hash
        .with(codes, date_pair(dates.birth, dates.from))
        .with(date_pair(dates.to, dates.stopped), date_pair(dates.applied, dates.death))
        .with(hash_of(row.text(Field::Region)), hash_of(row.text(Field::BirthPlace)))
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

#[inline]
fn dates(row: &mut RowCheck<'_, '_, '_>, action: Action) -> Dates {
    let dates = Dates {
        birth: row.birth_date(),
        from: row.start(Field::InsuredFrom, action),
        to: row.end_date(Field::InsuredTo),
        stopped: row.end_date(Field::StoppedOn),
        applied: row.date(Field::AppliedOn),
        death: row.date(Field::DeathDate),
    };
    row.ordered(dates.from, dates.to, Field::InsuredTo);
    row.ordered(dates.from, dates.stopped, Field::StoppedOn);
    row.after_birth(dates.birth, dates.from, Field::InsuredFrom);
    if action == Action::End {
        some_end(row, &dates);
    }
    dates
}

/// A strike-off says when the insurance ends, or that the person died.
#[cold]
fn some_end(row: &mut RowCheck<'_, '_, '_>, dates: &Dates) {
    let is_without_death = || row.taken_for_absent(Field::DeathDate, Code::DateInvalid);
    if dates.stopped.is_none() && dates.death.is_none() && row.is_without_end(Field::StoppedOn) && is_without_death() {
        row.found(Code::FieldRequired, Field::StoppedOn);
    }
}

fn insurer(row: &mut RowCheck<'_, '_, '_>, from: Option<Date>) -> Option<InsurerId> {
    let insurers = row.context().insurers;
    let insurer = match row.read(Field::Insurer, |code| insurers.find(code)) {
        Read::Value(insurer) => insurer,
        Read::Other(code) => {
            row.found(if code.is_empty() { Code::FieldRequired } else { Code::InsurerUnknown }, Field::Insurer);
            return None;
        }
    };
    match from.map_or(WorkStatus::Working, |from| insurers.get(insurer).work_status_on(from)) {
        WorkStatus::Working => {}
        WorkStatus::BeforeDictionary => {
            row.found(Code::BeforeDictionary, Field::InsuredFrom);
        }
        WorkStatus::NotWorking => {
            row.found(Code::InsurerNotWorking, Field::Insurer);
        }
    }
    if row.lookups().is_foreign_insurer(insurer) {
        row.found(Code::InsurerOtherRegion, Field::Insurer);
    }
    Some(insurer)
}

/// Categories 0–14, written without leading zeros.
fn category(row: &mut RowCheck<'_, '_, '_>) -> u8 {
    let read = |text: &[u8]| match *text {
        [] => Some(RegisterRecord::NO_CATEGORY),
        [digit @ b'0'..=b'9'] => Some(digit - b'0'),
        [b'1', digit @ b'0'..=b'4'] => Some(10 + digit - b'0'),
        _ => None,
    };
    match row.read(Field::Category, read) {
        Read::Value(category) => category,
        Read::Other(_) => {
            row.found(Code::CategoryUnknown, Field::Category);
            RegisterRecord::NO_CATEGORY
        }
    }
}

/// Operations of dictionary R001, without the letter П: a bit for each.
const REASONS: u64 = {
    let codes = [10, 21, 22, 23, 24, 25, 31, 32, 33, 34, 35, 36, 40, 60, 61, 62, 63];
    let (mut reasons, mut index) = (0, 0);
    while index < codes.len() {
        reasons |= 1 << codes[index];
        index += 1;
    }
    reasons
};

fn reason(row: &mut RowCheck<'_, '_, '_>) -> u8 {
    let read = |text: &[u8]| match *text {
        [] => Some(0),
        [0xD0, 0x9F, b'0', tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => {
            let code = (tens - b'0') * 10 + (ones - b'0');
            (code < 64 && REASONS >> code & 1 == 1).then_some(code)
        }
        _ => None,
    };
    match row.read(Field::Reason, read) {
        Read::Value(reason) => reason,
        Read::Other(_) => {
            row.found(Code::ReasonUnknown, Field::Reason);
            0
        }
    }
}

/// The planned end, for categories that are limited in term.
fn term_end(row: &mut RowCheck<'_, '_, '_>, category: u8, dates: &Dates) -> Date {
    let limited = category != RegisterRecord::NO_CATEGORY && row.context().rules.is_term_limited(category);
    if limited && dates.to.is_none() && row.is_without_end(Field::InsuredTo) {
        row.found(Code::TermMissing, Field::InsuredTo);
        return dates.from.and_then(|from| Date::from_ymd(from.year() + 1, 1, 1)).unwrap_or(Date::NEVER);
    }
    if !limited && dates.to.is_some() {
        row.found(Code::TermIgnored, Field::InsuredTo);
    }
    dates.to.filter(|_| limited).unwrap_or(Date::NEVER)
}
