//! Lines of the truth about a history: first facts of people, changes, and the proofs that two were one (SEM-461, SEM-462).

use std::io::Write as _;

use super::super::rows::{AttachmentRow, RegisterRow, iso, number};
use super::super::world::World;
use super::calendar::Step;
use super::life::Beginning;
use sverka_model::{Category, Date, Enp, Snils};

/// Header of the table of people.
pub(super) const PERSONS_HEADER: &str = "person;part;beginning;birth_date;sex;known_by;insurer;insured_from;attached_known_by;clinic;attached_from;\
    method;district;doctor;category;enp;name;snils";
/// Header of the table of changes.
pub(super) const CHANGES_HEADER: &str = "person;kind;reason;old;new;from;known_by";
/// Header of the table of people who were two.
pub(super) const MERGES_HEADER: &str = "person;part;known_by";

/// Facts of the register that change: names in the truth, as in `person_changes` where that has them.
pub(super) const REGISTER_FACTS: [&str; 6] = ["category", "enp", "name", "snils", "birth_date", "document"];

/// First facts of a person or part.
pub(super) struct FirstFacts<'r> {
    pub person: u64,
    pub part: u8,
    pub beginning: Beginning,
    /// Step at which the insurance is known.
    pub known: Step,
    pub register: &'r RegisterRow,
    /// Step at which the attachment is known.
    pub attached_known: Option<Step>,
    pub attachment: Option<&'r AttachmentRow>,
}

/// Change of a person.
#[derive(Clone, Debug)]
pub(super) struct Change {
    /// Kind, as in `person_changes` where that has it.
    pub kind: &'static str,
    pub reason: &'static str,
    pub old: String,
    pub new: String,
    /// First day with the new value.
    pub from: Date,
    /// Step at which the change is known.
    pub known: Step,
}

/// Lines of the truth about the people of a block.
#[derive(Default)]
pub(super) struct TruthLines {
    pub persons: Vec<u8>,
    pub changes: Vec<u8>,
    pub merges: Vec<u8>,
    /// Number of changes.
    pub change_count: u64,
}

impl TruthLines {
    /// Adds the first facts of a person or part.
    pub fn begin(&mut self, world: &World, facts: &FirstFacts<'_>) {
        let (out, register) = (&mut self.persons, facts.register);
        let _ = write!(
            out,
            "{};{};{};{};{};",
            facts.person,
            facts.part,
            facts.beginning.name(),
            register.birth_date,
            register.sex as u8
        );
        let _ =
            write!(out, "{};{};{};", facts.known.0, world.insurers[usize::from(register.insurer)].code, register.insured_from);
        match (facts.attachment, facts.attached_known) {
            (Some(row), Some(known)) => {
                let [method, district, doctor] = attachment_facts(row);
                let clinic = world.clinics[usize::from(row.clinic)].code;
                let _ = write!(out, "{};{clinic};{};{method};{district};{doctor};", known.0, row.attached_from);
            }
            _ => out.extend_from_slice(b";;;;;;"),
        }
        let [category, enp, name, snils, ..] = register_facts(register);
        let _ = writeln!(out, "{category};{enp};{name};{snils}");
    }

    /// Adds a change.
    pub fn change(&mut self, person: u64, change: &Change) {
        let out = &mut self.changes;
        number(out, person);
        let _ = write!(out, ";{};{};{};{};", change.kind, change.reason, change.old, change.new);
        iso(out, change.from);
        let _ = writeln!(out, ";{}", change.known.0);
        self.change_count += 1;
    }

    /// Adds the step by which a part is known to be the same person as the first part.
    pub fn merge(&mut self, person: u64, part: u8, known: Step) {
        let _ = writeln!(self.merges, "{person};{part};{}", known.0);
    }
}

/// Method, district and doctor.
pub(super) fn attachment_facts(row: &AttachmentRow) -> [String; 3] {
    let small = |code: u8| if code == 0 { String::new() } else { code.to_string() };
    [small(row.method.code()), small(row.district), snils_text(row.doctor)]
}

/// Facts of a record of the register, in the order of [`REGISTER_FACTS`].
pub(super) fn register_facts(row: &RegisterRow) -> [String; 6] {
    let category = if row.category == Category::NONE { String::new() } else { row.category.number().to_string() };
    let names = [row.surname, row.given_name, row.patronymic];
    let name: Vec<&str> = names.iter().map(super::super::text::Text::as_str).filter(|part| !part.is_empty()).collect();
    let document = format!("{} {}", row.doc_kind.number(), row.doc_number.as_str());
    [category, enp_text(row.enp), name.join(" "), snils_text(row.snils), row.birth_date.to_string(), document]
}

/// An ENP as sixteen digits.
pub(super) fn enp_text(enp: Enp) -> String {
    if enp == Enp::NONE { String::new() } else { format!("{:016}", enp.number()) }
}

/// A SNILS as eleven digits; empty if absent.
pub(super) fn snils_text(snils: Snils) -> String {
    if snils == Snils::NONE { String::new() } else { format!("{:011}", snils.number()) }
}
