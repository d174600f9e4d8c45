//! Kinds of events that make the files of a region hard to reconcile, in one list with default rates.
//!
//! Measured rates come from a full register of 2.24 million people of February 2021; the others are modest guesses that let every rule of a
//! reconciliation occur. A *trait* is lawful life (a change of clinic, twins, a death), a *defect* is a fault in the files.

/// Scope of a kind: a person, a household or a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// A person has at most one kind of this scope, so that its consequences are known by construction.
    Person,
    /// A kind that involves both persons of a household, who then have no other kind; the rate is per household.
    Household,
    /// A field of persons without another kind; each is drawn by itself.
    Field,
}

/// Lawful life or a fault in the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Lawful.
    Trait,
    /// A fault.
    Defect,
}

/// Name, scope, class and rate of a kind.
#[derive(Clone, Copy, Debug)]
pub struct KindInfo {
    /// The kind.
    pub kind: Kind,
    /// Name on the command line and in `truth/defects.csv`.
    pub name: &'static str,
    /// Scope.
    pub scope: Scope,
    /// Lawful life or a fault.
    pub class: Class,
    /// The default rate.
    pub rate: f64,
    /// Effect, in a few words.
    pub meaning: &'static str,
}

macro_rules! kinds {
    ($($field:ident $kind:ident $scope:ident $class:ident $rate:literal $meaning:literal;)*) => {
        /// Kind of an event that changes the rows of a person.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Kind {
            $(#[doc = $meaning] $kind,)*
        }

        /// All kinds; a kind as a number is its index.
        pub const KINDS: &[KindInfo] = &[
            $(KindInfo {
                kind: Kind::$kind, name: stringify!($field), scope: Scope::$scope, class: Class::$class, rate: $rate, meaning: $meaning,
            },)*
        ];

        /// Probability of each kind, between 0 and 1.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Rates {
            $(#[doc = $meaning] pub $field: f64,)*
        }

        impl Default for Rates {
            fn default() -> Self {
                Self { $($field: $rate,)* }
            }
        }

        impl Rates {
            /// The rate of a kind.
            #[must_use]
            pub fn of(&self, kind: Kind) -> f64 {
                match kind {
                    $(Kind::$kind => self.$field,)*
                }
            }

            fn of_mut(&mut self, kind: Kind) -> &mut f64 {
                match kind {
                    $(Kind::$kind => &mut self.$field,)*
                }
            }
        }
    };
}

kinds! {
    // Unreadable rows.
    row_cut_short RowCutShort Person Defect 0.0001 "a row ends in the middle";
    row_too_long RowTooLong Person Defect 0.00004 "a row has a field too many";
    row_open_quote RowOpenQuote Person Defect 0.00006 "a quote is opened and never closed";
    row_text_after_quote RowTextAfterQuote Person Defect 0.00003 "text follows a closing quote";
    row_bad_bytes RowBadBytes Person Defect 0.0001 "the surname is written in windows-1251";
    // Impossible values.
    field_missing FieldMissing Person Defect 0.0009 "a required field is empty, mostly the attachment date (measured)";
    date_invalid DateInvalid Person Defect 0.0001 "a date that no calendar has";
    birth_date_range BirthDateRange Person Defect 0.00004 "born before 1900 or after the as-of date";
    dates_reversed DatesReversed Person Defect 0.0002 "an end before its start";
    sex_invalid SexInvalid Person Defect 0.00006 "a sex other than 1 and 2";
    policy_kind_unknown PolicyKindUnknown Person Defect 0.00003 "a policy kind other than 1, 2 and 3";
    policy_number_format PolicyNumberFormat Person Defect 0.00006 "a temporary certificate of eight digits";
    enp_format EnpFormat Person Defect 0.0001 "an ENP damaged by a spreadsheet";
    enp_backtick EnpBacktick Person Defect 0.0003 "a back-tick before the ENP, which readers strip";
    enp_check_digit EnpCheckDigit Person Defect 0.0002 "an ENP with a wrong check digit";
    enp_impossible EnpImpossible Person Defect 0.0001 "an ENP that codes no birth date";
    enp_of_old_data EnpOfOldData Person Trait 0.001 "an ENP that codes the birth date or sex from before a correction";
    snils_invalid SnilsInvalid Person Defect 0.0003 "a SNILS with a wrong control number";
    snils_missing_adult SnilsMissingAdult Field Defect 0.027 "an adult citizen without SNILS (with the children, 11.8 % lack it: measured)";
    snils_missing_child SnilsMissingChild Field Trait 0.54 "a child without SNILS";
    category_unknown CategoryUnknown Person Defect 0.0001 "a category outside the list";
    method_unknown MethodUnknown Person Defect 0.0001 "a method of attachment outside the list";
    reason_unknown ReasonUnknown Person Defect 0.0001 "an operation code outside the list";
    insurer_unknown InsurerUnknown Person Defect 0.00006 "an insurer that is not in the reference table";
    clinic_unknown ClinicUnknown Person Defect 0.00006 "a clinic that is not in the reference table (measured)";
    insurer_not_working InsurerNotWorking Person Defect 0.0001 "insured by an insurer that had closed";
    clinic_not_working ClinicNotWorking Person Defect 0.0002 "attached to a clinic that had closed";
    clinic_not_attachable ClinicNotAttachable Person Defect 0.0003 "attached to a hospital";
    duplicate Duplicate Person Defect 0.0005 "the same row twice";
    patronymic_missing PatronymicMissing Field Trait 0.0027 "no patronymic, or `-`, or `НЕТ` (measured)";
    district_missing DistrictMissing Field Trait 0.026 "no district (measured)";
    doctor_missing DoctorMissing Field Trait 0.026 "no doctor (measured)";
    method_missing MethodMissing Field Trait 0.0004 "no method of attachment (measured)";
    // Foreigners.
    foreigner_permanent ForeignerPermanent Person Trait 0.006 "a foreigner without term";
    foreigner_with_term ForeignerWithTerm Person Trait 0.001 "a foreigner with a term that lasts, has passed or was renewed (measured)";
    term_missing TermMissing Person Defect 0.0001 "a foreigner of a term-limited category without planned end";
    term_ignored TermIgnored Person Defect 0.0002 "a citizen with a planned end";
    // Identity.
    old_policy OldPolicy Person Trait 0.014 "a policy from before 2011 beside the ENP (measured)";
    certificate Certificate Person Trait 0.0072 "a temporary certificate beside the ENP (measured)";
    surname_changed SurnameChanged Person Trait 0.002 "the clinic knows a woman by her former surname";
    surname_typo SurnameTypo Person Defect 0.001 "a typing error in the clinic's surname";
    given_name_typo GivenNameTypo Person Defect 0.001 "a typing error in the clinic's given name";
    given_name_other GivenNameOther Person Defect 0.0002 "the clinic has quite another given name";
    given_name_initial GivenNameInitial Person Defect 0.0003 "only the initial of the given name";
    latin_letters LatinLetters Person Defect 0.0005 "Latin letters that look Cyrillic";
    capital_letters CapitalLetters Person Trait 0.002 "the clinic writes in capitals, without ё";
    known_by_snils KnownBySnils Person Trait 0.002 "the clinic has no policy number, only the SNILS";
    known_by_document KnownByDocument Person Trait 0.0005 "the clinic has an old policy number and the document";
    known_by_nothing KnownByNothing Person Defect 0.0003 "the clinic has an old policy number that no insurer knows, and nothing else";
    known_by_certificate KnownByCertificate Person Trait 0.001 "a child with a temporary certificate and no ENP yet";
    second_enp SecondEnp Person Defect 0.0005 "the clinic has another ENP of the person";
    two_snils TwoSnils Person Defect 0.0001 "insurer and clinic have different SNILS";
    two_sexes TwoSexes Person Defect 0.0001 "insurer and clinic have different sexes";
    two_birth_dates TwoBirthDates Person Defect 0.0001 "insurer and clinic have different birth dates";
    twins Twins Household Trait 0.006 "twins, each with an ENP";
    enp_shared EnpShared Household Defect 0.0002 "two people with one ENP";
    enp_shared_by_twins EnpSharedByTwins Household Defect 0.0001 "twins with one ENP";
    enp_shared_by_alike EnpSharedByAlike Household Defect 0.0001 "twins with one ENP, no SNILS, and names that differ in a letter";
    // One insurer at a time.
    insurer_changed InsurerChanged Person Trait 0.004 "changed the insurer; the former policy was closed";
    insurer_change_open InsurerChangeOpen Person Defect 0.003 "changed at will; the former policy was left open";
    insurer_change_moved InsurerChangeMoved Person Defect 0.001 "changed after a move; the former policy was left open";
    insurer_contract_ended InsurerContractEnded Person Trait 0.0005 "changed because the insurer's contract was ending";
    insurer_change_late InsurerChangeLate Person Defect 0.0005 "applied for a change after 1 November";
    insurer_change_twice InsurerChangeTwice Person Defect 0.0003 "changed the insurer twice in a year";
    insurer_change_deferred InsurerChangeDeferred Person Defect 0.0003 "applied too late, and the former policy then ended";
    insurer_same_day InsurerSameDay Person Defect 0.0002 "two insurers from the same day, one applied for later";
    insurer_same_day_tie InsurerSameDayTie Person Defect 0.0001 "two insurers from the same day, nothing to tell them apart";
    insurer_closed InsurerClosed Person Trait 0.0005 "did not choose again when the insurer closed";
    // One clinic at a time.
    unattached Unattached Field Trait 0.03 "insured without a clinic";
    other_profile OtherProfile Field Trait 0.03 "also attached for gynaecology or dental care";
    clinic_changed ClinicChanged Person Trait 0.02 "changed the clinic; the former attachment was closed";
    clinic_territory ClinicTerritory Person Defect 0.004 "attached by residence again, the former attachment was left open";
    clinic_change_open ClinicChangeOpen Person Defect 0.004 "changed the clinic at will, the former attachment was left open";
    clinic_change_moved ClinicChangeMoved Person Defect 0.001 "changed after a move, the former attachment was left open";
    clinic_change_limit ClinicChangeLimit Person Defect 0.0005 "two applications to clinics in a year";
    clinic_outranked ClinicOutranked Person Defect 0.002 "attached by residence although the person had applied elsewhere";
    clinic_deferred ClinicDeferred Person Defect 0.0003 "attached by residence before an attachment by application ended";
    clinic_same_day ClinicSameDay Person Defect 0.0003 "two clinics from the same day, by residence and by application";
    clinic_same_day_tie ClinicSameDayTie Person Defect 0.0001 "two clinics from the same day, nothing to tell them apart";
    clinic_grown_up ClinicGrownUp Person Trait 0.005 "left the children's clinic at 18";
    clinic_child_with_adults ClinicChildWithAdults Person Defect 0.0003 "a child in a clinic for adults";
    clinic_adult_with_children ClinicAdultWithChildren Person Defect 0.0003 "an adult in a clinic for children";
    clinic_closed ClinicClosed Person Trait 0.001 "the clinic closed and nobody took over";
    clinic_no_interval ClinicNoInterval Person Defect 0.00005 "a dental attachment to a clinic whose successor had closed before";
    // The beginning and the end.
    attached_uninsured AttachedUninsured Person Defect 0.0005 "attached without any insurance, or before it began";
    death Death Person Trait 0.004 "died; the insurance was closed (measured, within the 0.82 % of actual ends)";
    insured_after_death InsuredAfterDeath Person Defect 0.0001 "insured anew after death";
    attached_after_death AttachedAfterDeath Person Defect 0.0002 "attached after death";
}

/// Reason why a rate cannot be set.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum RateError {
    /// No kind has this name.
    #[error("`{0}` is not a kind of this generator; `sverka generate --help` lists them")]
    UnknownKind(String),
    /// Not a number between 0 and 1.
    #[error("the rate of `{kind}` must be a number from 0 to 1, not `{value}`")]
    NotAProbability {
        /// The kind.
        kind: &'static str,
        /// Text of the rate.
        value: String,
    },
}

impl Kind {
    /// Name, scope, class and rate of the kind.
    #[must_use]
    pub fn info(self) -> &'static KindInfo {
        &KINDS[self as usize]
    }

    /// The kind with a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        KINDS.iter().find(|info| info.name == name).map(|info| info.kind)
    }
}

impl Rates {
    /// Sets the rate of the kind with this name from a text.
    ///
    /// # Errors
    /// When there is no such kind or the text is no number from 0 to 1.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), RateError> {
        let kind = Kind::from_name(name).ok_or_else(|| RateError::UnknownKind(name.to_owned()))?;
        let rate = value.parse::<f64>().ok().filter(|rate| (0.0..=1.0).contains(rate));
        *self.of_mut(kind) =
            rate.ok_or_else(|| RateError::NotAProbability { kind: kind.info().name, value: value.to_owned() })?;
        Ok(())
    }

    /// Rates with zero for every defect; those of traits stay.
    pub fn without_defects(mut self) -> Self {
        for info in KINDS.iter().filter(|info| info.class == Class::Defect) {
            *self.of_mut(info.kind) = 0.0;
        }
        self
    }

    /// Rates with zero for every kind that `keep` does not hold.
    pub(super) fn only(&self, keep: impl Fn(Kind) -> bool) -> Self {
        let mut rates = self.clone();
        for info in KINDS.iter().filter(|info| !keep(info.kind)) {
            *rates.of_mut(info.kind) = 0.0;
        }
        rates
    }

    /// Sum of the rates of the kinds of which a person has at most one. A sum above 1 makes no sense.
    #[must_use]
    pub fn exclusive_total(&self) -> f64 {
        KINDS.iter().filter(|info| info.scope != Scope::Field).map(|info| self.of(info.kind)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_indexed_by_kind() {
        for (index, info) in KINDS.iter().enumerate() {
            assert_eq!(info.kind as usize, index);
            assert_eq!(Kind::from_name(info.name), Some(info.kind));
        }
    }

    #[test]
    fn rates_are_set_by_name() {
        let mut rates = Rates::default();
        assert_eq!(rates.set("death", "0.25"), Ok(()));
        assert_eq!(rates.death, 0.25);
        assert_eq!(rates.set("deaths", "0.25"), Err(RateError::UnknownKind("deaths".to_owned())));
        for bad in ["1.5", "-0.1", "NaN", "many", ""] {
            assert_eq!(
                rates.set("death", bad),
                Err(RateError::NotAProbability { kind: "death", value: bad.to_owned() }),
                "{bad}"
            );
        }
    }

    #[test]
    fn without_defects_only_lawful_life_is_left() {
        let rates = Rates::default().without_defects();
        assert_eq!((rates.enp_check_digit, rates.twins), (0.0, 0.006));
    }
}
