//! The row checks, one function per group of codes. A row shows all its findings (SEM-264).

use std::collections::BTreeMap;

use super::dates::{self, Date};
use super::documents;
use super::identifiers;
use super::names_quality;
use super::organisations::{self, Organisation};
use super::records::Table;
use super::terms;
use crate::regions::RowRuleSettings;

/// Settings and lookups of a run that the checks read beside the row.
pub struct Context {
    pub as_of: Date,
    pub insurers: Vec<Organisation>,
    pub clinics: Vec<Organisation>,
    pub term_limited: Vec<u32>,
    pub row_rules: RowRuleSettings,
}

/// A row under check.
pub struct Checked {
    /// Values by field; a check may correct or blank them.
    pub values: BTreeMap<String, String>,
    /// (field, code)
    pub findings: Vec<(Option<String>, &'static str)>,
}

/// The codes of row checks that leave the row accepted; `documents::CODES` and `terms::CODES` do, too.
const WARNINGS: [&str; 15] = [
    "BEFORE_DICTIONARY",
    "QUOTE_IN_VALUE",
    "POLICY_NUMBER_MISSING",
    "ENP_PERSON_MISMATCH",
    "SNILS_INVALID",
    "SNILS_REQUIRED",
    "CATEGORY_UNKNOWN",
    "METHOD_UNKNOWN",
    "REASON_UNKNOWN",
    "TERM_MISSING",
    "TERM_IGNORED",
    "NAME_DIGITS",
    "NAME_ALPHABETS",
    "NAME_PUNCTUATION",
    "NAME_SEX",
];

/// The operations of dictionary R001 (SRC-50).
const REASONS: [&str; 17] = [
    "П010", "П021", "П022", "П023", "П024", "П025", "П031", "П032", "П033", "П034", "П035", "П036", "П040", "П060", "П061",
    "П062", "П063",
];

/// Whether a finding of the row checks with this code puts the row into quarantine.
pub fn is_error(code: &str) -> bool {
    !WARNINGS.contains(&code) && !documents::CODES.contains(&code) && !terms::CODES.contains(&code)
}

pub fn check(table: Table, values: BTreeMap<String, String>, context: &Context) -> Checked {
    let mut row = Checked { values, findings: Vec::new() };
    row.enp_prefix();
    row.profile_default(table);
    row.snils();
    row.action(table);
    row.closed_lists(table);
    row.blank_far_ends();
    row.required_fields(table, context);
    row.valid_dates(table);
    row.birth_date_range(context);
    row.dates_in_order(table);
    row.sex_and_kind();
    row.enp(context);
    row.snils_required(table, context);
    row.organisation(table, context);
    row.term(table, context);
    row.findings.extend(documents::findings(table, &row.values, context));
    row.findings.extend(terms::findings(table, &row.values, context));
    row.names();
    row.findings.sort();
    row.findings.dedup();
    row
}

impl Checked {
    fn get(&self, field: &str) -> &str {
        self.values.get(field).map_or("", |value| value.as_str())
    }

    fn set(&mut self, field: &str, value: &str) {
        self.values.insert(field.to_string(), value.to_string());
    }

    fn date(&self, field: &str) -> Option<Date> {
        dates::parse(self.get(field))
    }

    fn find(&mut self, field: &str, code: &'static str) {
        self.findings.push((Some(field.to_string()), code));
    }

    /// "a leading back-tick or apostrophe is stripped first"
    fn enp_prefix(&mut self) {
        for field in ["enp", "representative_enp"] {
            let enp = self.get(field).to_string();
            if enp.starts_with('`') || enp.starts_with('\'') {
                self.set(field, enp[1..].trim());
            }
        }
    }

    /// An end of 9999-12-31 means that there is none (SEM-045).
    fn blank_far_ends(&mut self) {
        for field in ["insured_to", "stopped_on", "attached_to", "service_to"] {
            if self.get(field) == "9999-12-31" {
                self.set(field, "");
            }
        }
    }

    /// The profile is 1 by default; an unknown one counts as absent (SEM-067).
    fn profile_default(&mut self, table: Table) {
        if table == Table::Attachments && !["1", "2", "3", "4", "5"].contains(&self.get("profile")) {
            self.set("profile", "1");
        }
    }

    /// `SNILS_INVALID`, then absent.
    fn snils(&mut self) {
        if self.get("snils").is_empty() {
            return;
        }
        match identifiers::snils(self.get("snils")) {
            Some(eleven) => self.set("snils", &eleven),
            None => {
                self.find("snils", "SNILS_INVALID");
                self.set("snils", "");
            }
        }
    }

    /// `ACTION_UNKNOWN`. A row of no known action, or of the action "new", is checked as one without.
    fn action(&mut self, table: Table) {
        let action = self.get("action").to_string();
        let known: &[&str] = if table == Table::Register { &["new", "end"] } else { &["new", "end", "change"] };
        if !action.is_empty() && !known.contains(&action.as_str()) {
            self.find("action", "ACTION_UNKNOWN");
        }
        if action == "new" || !known.contains(&action.as_str()) {
            self.set("action", "");
        }
    }

    /// `CATEGORY_UNKNOWN`, `METHOD_UNKNOWN`, `REASON_UNKNOWN`, then absent.
    fn closed_lists(&mut self, table: Table) {
        let categories: Vec<String> = (0..=14).map(|number| number.to_string()).collect();
        let methods: Vec<String> = (1..=3).map(|number| number.to_string()).collect();
        let reasons: Vec<String> = REASONS.iter().map(|reason| reason.to_string()).collect();
        if table == Table::Register {
            self.closed_list("category", &categories, "CATEGORY_UNKNOWN");
            self.closed_list("reason", &reasons, "REASON_UNKNOWN");
        } else {
            self.closed_list("method", &methods, "METHOD_UNKNOWN");
        }
    }

    fn closed_list(&mut self, field: &str, list: &[String], code: &'static str) {
        let value = self.get(field).to_string();
        if !value.is_empty() && !list.contains(&value) {
            self.find(field, code);
            self.set(field, "");
        }
    }

    /// A name part may be missing where the source says so; only both together are an error (SEM-119).
    fn may_lack_name(&self, field: &str, context: &Context) -> bool {
        let (other, code) = match field {
            "surname" => ("given_name", '2'),
            "given_name" => ("surname", '3'),
            _ => return false,
        };
        !self.get(other).is_empty() && (context.row_rules.allow_missing_names || self.get("reliability").contains(code))
    }

    /// `FIELD_REQUIRED`
    fn required_fields(&mut self, table: Table, context: &Context) {
        let required: &[&str] = match table {
            Table::Register => &["insurer", "policy_kind", "surname", "given_name", "sex", "birth_date", "insured_from"],
            Table::Attachments => &["clinic", "surname", "given_name", "birth_date", "attached_from"],
        };
        let ends = self.get("action") == "end";
        for field in required {
            let is_start = *field == "insured_from" || *field == "attached_from";
            if self.get(field).is_empty() && !(ends && is_start) && !self.may_lack_name(field, context) {
                self.find(field, "FIELD_REQUIRED");
            }
        }
        if ends && table == Table::Register && self.get("stopped_on").is_empty() && self.get("death_date").is_empty() {
            self.find("stopped_on", "FIELD_REQUIRED");
        }
        if ends && table == Table::Attachments && self.get("attached_to").is_empty() {
            self.find("attached_to", "FIELD_REQUIRED");
        }
        self.required_policy_number(table);
    }

    /// The number that the policy kind requires: `FIELD_REQUIRED` in the register, `POLICY_NUMBER_MISSING` among attachments.
    fn required_policy_number(&mut self, table: Table) {
        let field = match self.get("policy_kind") {
            "3" => "enp",
            "1" | "2" => "policy_number",
            _ => "",
        };
        let missing = !field.is_empty() && self.get(field).is_empty();
        if table == Table::Register {
            if missing {
                self.find(field, "FIELD_REQUIRED");
            }
            return;
        }
        let identified = ["enp", "policy_number", "snils"].iter().any(|field| !self.get(field).is_empty());
        if !identified {
            self.find("enp", "FIELD_REQUIRED");
        } else if missing {
            self.find(field, "POLICY_NUMBER_MISSING");
            self.set("policy_kind", "");
        }
    }

    /// `DATE_INVALID`
    fn valid_dates(&mut self, table: Table) {
        let fields: &[&str] = match table {
            Table::Register => &[
                "birth_date",
                "insured_from",
                "insured_to",
                "stopped_on",
                "applied_on",
                "death_date",
                "doc_issued_on",
                "doc_expires_on",
                "changed_on",
                "birth_registered_on",
                "service_from",
                "service_to",
            ],
            Table::Attachments => &["birth_date", "attached_from", "attached_to"],
        };
        for field in fields {
            if !self.get(field).is_empty() && self.date(field).is_none() {
                self.find(field, "DATE_INVALID");
            }
        }
    }

    /// `BIRTH_DATE_RANGE`
    fn birth_date_range(&mut self, context: &Context) {
        let earliest = Date { year: 1900, month: 1, day: 1 };
        if let Some(birth) = self.date("birth_date")
            && (birth < earliest || birth > context.as_of)
        {
            self.find("birth_date", "BIRTH_DATE_RANGE");
        }
    }

    /// `DATES_REVERSED`
    fn dates_in_order(&mut self, table: Table) {
        let (start_field, end_fields): (&str, &[&str]) = match table {
            Table::Register => ("insured_from", &["insured_to", "stopped_on"]),
            Table::Attachments => ("attached_from", &["attached_to"]),
        };
        let Some(start) = self.date(start_field) else { return };
        for field in end_fields {
            if let Some(end) = self.date(field)
                && end <= start
            {
                self.find(field, "DATES_REVERSED");
            }
        }
        if let Some(birth) = self.date("birth_date")
            && start < birth
        {
            self.find(start_field, "DATES_REVERSED");
        }
    }

    /// `SEX_INVALID`, `POLICY_KIND_UNKNOWN`, `POLICY_NUMBER_FORMAT`
    fn sex_and_kind(&mut self) {
        if !["", "1", "2"].contains(&self.get("sex")) {
            self.find("sex", "SEX_INVALID");
        }
        if !["", "1", "2", "3"].contains(&self.get("policy_kind")) {
            self.find("policy_kind", "POLICY_KIND_UNKNOWN");
        }
        let number = self.get("policy_number");
        if self.get("policy_kind") == "2" && !number.is_empty() && !identifiers::all_digits(number, 9) {
            self.find("policy_number", "POLICY_NUMBER_FORMAT");
        }
    }

    /// `ENP_FORMAT`, `ENP_CHECK_DIGIT`, `ENP_IMPOSSIBLE`, `ENP_PERSON_MISMATCH`
    fn enp(&mut self, context: &Context) {
        let enp = self.get("enp").to_string();
        if enp.is_empty() {
            return;
        }
        if !identifiers::all_digits(&enp, 16) {
            self.find("enp", "ENP_FORMAT");
            return;
        }
        let right_digit = identifiers::enp_check_digit_is_right(&enp);
        if !right_digit {
            self.find("enp", "ENP_CHECK_DIGIT");
        }
        let Some(holder) = identifiers::enp_holder(&enp, context.as_of) else {
            self.find("enp", "ENP_IMPOSSIBLE");
            return;
        };
        let other_birth = self.date("birth_date").is_some_and(|birth| birth != holder.birth_date);
        let sex = self.get("sex");
        let other_sex = (sex == "1" || sex == "2") && sex != holder.sex;
        if right_digit && (other_birth || other_sex) {
            self.find("enp", "ENP_PERSON_MISMATCH");
        }
    }

    /// `SNILS_REQUIRED`: "register, category 1 or 6, 18 or older on D, SNILS absent"
    fn snils_required(&mut self, table: Table, context: &Context) {
        let Some(birth) = self.date("birth_date") else { return };
        let category = self.get("category");
        let bound = table == Table::Register && (category == "1" || category == "6");
        if bound && birth.age_on(context.as_of) >= 18 && self.get("snils").is_empty() {
            self.find("snils", "SNILS_REQUIRED");
        }
    }

    /// `INSURER_UNKNOWN`, `INSURER_NOT_WORKING`, `CLINIC_UNKNOWN`, `CLINIC_NOT_WORKING`, `CLINIC_NOT_ATTACHABLE`
    fn organisation(&mut self, table: Table, context: &Context) {
        let (field, start_field, all, unknown, not_working) = match table {
            Table::Register => ("insurer", "insured_from", &context.insurers, "INSURER_UNKNOWN", "INSURER_NOT_WORKING"),
            Table::Attachments => ("clinic", "attached_from", &context.clinics, "CLINIC_UNKNOWN", "CLINIC_NOT_WORKING"),
        };
        let code = self.get(field).to_string();
        if code.is_empty() {
            return;
        }
        let Some(organisation) = organisations::find(all, &code) else {
            self.find(field, unknown);
            return;
        };
        if let Some(start) = self.date(start_field) {
            if !organisations::works_on(organisation, start) {
                self.find(field, not_working);
            } else if start < organisation.works_from {
                self.find(start_field, "BEFORE_DICTIONARY");
            }
        }
        if table == Table::Attachments && !organisation.attachable {
            self.find(field, "CLINIC_NOT_ATTACHABLE");
        }
    }

    /// `NAME_DIGITS`, `NAME_ALPHABETS`, `NAME_PUNCTUATION`, `NAME_SEX`
    fn names(&mut self) {
        let found = names_quality::findings(&self.values);
        self.findings.extend(found.into_iter().map(|(field, code)| (Some(field), code)));
    }

    /// `TERM_MISSING`, `TERM_IGNORED`
    fn term(&mut self, table: Table, context: &Context) {
        if table == Table::Attachments || self.get("action") == "end" {
            return;
        }
        let limited = is_term_limited(self.get("category"), &context.term_limited);
        if limited && self.get("insured_to").is_empty() {
            self.find("insured_to", "TERM_MISSING");
        }
        if !limited && self.date("insured_to").is_some() {
            self.find("insured_to", "TERM_IGNORED");
        }
    }
}

/// Whether the insurance of this category ends with its planned end.
pub fn is_term_limited(category: &str, term_limited: &[u32]) -> bool {
    term_limited.iter().any(|number| number.to_string() == category)
}
