//! Random regions with many cross-partition records, which link people over birth dates: ENPs that code another birth date, one ENP with several birth
//! dates, one name and ENP with several birth dates, initials among them, and people who differ only in a policy number without kind.

use super::Region;
use super::fields::{Fields, rows};
use super::splitmix::SplitMix;
use crate::reference::dates;
use crate::reference::identifiers::{all_digits, enp_holder};

/// Values that one row may take over from another.
#[derive(Clone)]
struct Identity {
    enp: String,
    surname: String,
    given_name: String,
    patronymic: String,
    birth_date: String,
}

impl Fields<'_> {
    fn identity(&self) -> Identity {
        Identity {
            enp: self.get("enp"),
            surname: self.get("surname"),
            given_name: self.get("given_name"),
            patronymic: self.get("patronymic"),
            birth_date: self.get("birth_date"),
        }
    }

    /// The first day of the row, whichever table it is in.
    fn start(&self) -> String {
        self.get("insured_from") + &self.get("attached_from")
    }
}

/// The random region of the seed, in which half of the rows take values of other rows.
pub fn across_birth_dates(seed: u64) -> Region {
    let mut region = super::random(seed);
    let mut random = SplitMix(!seed);
    let people: Vec<Identity> =
        region.registers.iter_mut().chain(&mut region.attachments).flat_map(rows).map(|row| row.identity()).collect();
    if people.is_empty() {
        return region;
    }
    let Region { as_of, registers, attachments, .. } = &mut region;
    for mut row in registers.iter_mut().chain(attachments).flat_map(rows) {
        let other = random.pick(&people).clone();
        match random.below(12) {
            0 => row.set("enp", &other.enp),
            1 => set_birth_date(&mut row, &other.birth_date),
            2 => {
                for (field, value) in [
                    ("enp", &other.enp),
                    ("surname", &other.surname),
                    ("given_name", &other.given_name),
                    ("patronymic", &other.patronymic),
                ] {
                    row.set(field, value);
                }
            }
            3 => share_enp_and_birth_date(&mut random, &mut row, &other, as_of),
            4 | 5 if row.column("clinic").is_some() => leave_a_number_without_kind(&mut random, &mut row, &other),
            _ => {}
        }
    }
    region
}

/// Sets another birth date, unless it is after the start of the row.
fn set_birth_date(row: &mut Fields<'_>, birth_date: &str) {
    if dates::parse(birth_date).is_some() && birth_date <= row.start().as_str() {
        row.set("birth_date", birth_date);
    }
}

/// Sets the ENP of another person, the birth date that it codes, and a name that may contradict or not.
fn share_enp_and_birth_date(random: &mut SplitMix, row: &mut Fields<'_>, other: &Identity, as_of: &str) {
    let enp = other.enp.trim_start_matches(['`', '\'', ' ']);
    let as_of = dates::parse(as_of).expect("an ISO date");
    if !all_digits(enp, 16) {
        return;
    }
    let Some(holder) = enp_holder(enp, as_of) else { return };
    set_birth_date(row, &holder.birth_date.to_string());
    row.set("enp", enp);
    row.set("sex", holder.sex);
    row.set("snils", "");
    let initial: String = other.given_name.chars().take(1).collect();
    row.set("given_name", if random.chance(50) { &initial } else { &other.given_name });
}

/// Leaves only the number of a policy, without its kind. No rule links such rows, but they have equal identities.
fn leave_a_number_without_kind(random: &mut SplitMix, row: &mut Fields<'_>, other: &Identity) {
    for field in ["enp", "policy_kind", "snils", "doc_kind", "doc_number"] {
        row.set(field, "");
    }
    row.set("policy_number", random.pick::<&str>(&["АБ 1", "аб-1", "АБ 2"]));
    row.set("given_name", &other.given_name);
    set_birth_date(row, &other.birth_date);
}
