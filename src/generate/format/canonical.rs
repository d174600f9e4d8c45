//! A canonical row that was written, split into its values again.

use std::borrow::Cow;

/// Values of a row, in the order of its columns.
pub(in crate::generate) struct CanonicalRow<'r>(Vec<Cow<'r, str>>);

impl<'r> CanonicalRow<'r> {
    /// Splits a row of the canonical CSV without its line break.
    pub fn split(row: &'r [u8]) -> Self {
        let mut rest = str::from_utf8(row).expect("invariant: rows are broken as bytes in canonical CSV only");
        let mut values = Vec::with_capacity(24);
        loop {
            let end = match rest.strip_prefix('"') {
                Some(quoted) => {
                    let end = closing(quoted);
                    values.push(Cow::Owned(quoted[..end].replace("\"\"", "\"")));
                    end + 2
                }
                None => {
                    let end = memchr::memchr(b';', rest.as_bytes()).unwrap_or(rest.len());
                    values.push(Cow::Borrowed(&rest[..end]));
                    end
                }
            };
            if end == rest.len() {
                return Self(values);
            }
            rest = &rest[end + 1..];
        }
    }

    /// The values in the order of the columns.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(AsRef::as_ref)
    }

    /// All values of a row with `N` columns.
    fn values<const N: usize>(&self) -> [&str; N] {
        assert!(self.0.len() == N, "invariant: rows of other lengths are written in canonical CSV only");
        std::array::from_fn(|column| self.0[column].as_ref())
    }

    /// The values as those of a row of a register.
    pub fn register(&self) -> RegisterFields<'_> {
        let [
            record_id,
            region,
            insurer,
            policy_kind,
            policy_number,
            enp,
            surname,
            given_name,
            patronymic,
            sex,
            birth_date,
            rest @ ..,
        ] = self.values::<23>();
        let [birth_place, snils, doc_kind, doc_number, citizenship, category, insured_from, insured_to, stopped_on, rest @ ..] =
            rest;
        let [applied_on, reason, death_date] = rest;
        RegisterFields {
            record_id,
            region,
            insurer,
            policy_kind,
            policy_number,
            enp,
            surname,
            given_name,
            patronymic,
            sex,
            birth_date,
            birth_place,
            snils,
            doc_kind,
            doc_number,
            citizenship,
            category,
            insured_from,
            insured_to,
            stopped_on,
            applied_on,
            reason,
            death_date,
        }
    }

    /// The values as those of an attachment.
    pub fn attachment(&self) -> AttachmentFields<'_> {
        let [_, clinic, enp, policy_kind, policy_number, snils, surname, given_name, patronymic, _, birth_date, rest @ ..] =
            self.values::<20>();
        let [doc_kind, doc_number, _, method, attached_from, attached_to, district, department, doctor_snils] = rest;
        AttachmentFields {
            clinic,
            enp,
            policy_kind,
            policy_number,
            snils,
            surname,
            given_name,
            patronymic,
            birth_date,
            doc_kind,
            doc_number,
            method,
            attached_from,
            attached_to,
            district,
            department,
            doctor_snils,
        }
    }
}

/// Index of the quote that closes a value: the first quote that no other follows.
fn closing(quoted: &str) -> usize {
    let mut at = 0;
    loop {
        at += memchr::memchr(b'"', &quoted.as_bytes()[at..]).expect("invariant: quotes are closed");
        if quoted.as_bytes().get(at + 1) != Some(&b'"') {
            return at;
        }
        at += 2;
    }
}

/// Values of a row of a register.
pub(in crate::generate) struct RegisterFields<'r> {
    pub record_id: &'r str,
    pub region: &'r str,
    pub insurer: &'r str,
    pub policy_kind: &'r str,
    pub policy_number: &'r str,
    pub enp: &'r str,
    pub surname: &'r str,
    pub given_name: &'r str,
    pub patronymic: &'r str,
    pub sex: &'r str,
    pub birth_date: &'r str,
    pub birth_place: &'r str,
    pub snils: &'r str,
    pub doc_kind: &'r str,
    pub doc_number: &'r str,
    pub citizenship: &'r str,
    pub category: &'r str,
    pub insured_from: &'r str,
    pub insured_to: &'r str,
    pub stopped_on: &'r str,
    pub applied_on: &'r str,
    pub reason: &'r str,
    pub death_date: &'r str,
}

/// Values of an attachment that the other formats have columns for.
pub(in crate::generate) struct AttachmentFields<'r> {
    pub clinic: &'r str,
    pub enp: &'r str,
    pub policy_kind: &'r str,
    pub policy_number: &'r str,
    pub snils: &'r str,
    pub surname: &'r str,
    pub given_name: &'r str,
    pub patronymic: &'r str,
    pub birth_date: &'r str,
    pub doc_kind: &'r str,
    pub doc_number: &'r str,
    pub method: &'r str,
    pub attached_from: &'r str,
    pub attached_to: &'r str,
    pub district: &'r str,
    pub department: &'r str,
    pub doctor_snils: &'r str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_values_may_hold_delimiters_and_quotes() {
        let values = |row: &str| CanonicalRow::split(row.as_bytes()).0.into_iter().map(Cow::into_owned).collect::<Vec<_>>();
        assert_eq!(values("a;\"пос. \"\"Заря\"\"; р-н\";;"), ["a", "пос. \"Заря\"; р-н", "", ""]);
        assert_eq!(values("a;\"say \"\"yes\"\"\""), ["a", "say \"yes\""]);
        assert_eq!(values(""), [""]);
    }
}
