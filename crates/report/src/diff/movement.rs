//! Movement of people between insurers, clinics and pairs of both.
//!
//! Every person of either run is one passage from a place to a place; who is in one run only comes from or goes to no place. So for each place
//! heads before + in − out = heads now, and the sums must be those that the runs publish in `headcount`.

use std::collections::{BTreeMap, HashMap};

use super::DiffError;
use super::people::Place;
use super::run::{ComparedRun, rows_of};
use sverka_publish::OutputTable;

/// Cause of people who stay where they are.
pub const STAYED: &str = "stayed";

/// Passage of a person between the runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Passage<'b> {
    pub from: Place<'b>,
    pub to: Place<'b>,
    /// Cause of another insurer; [`STAYED`] for the same.
    pub insurer_cause: &'static str,
    /// Cause of another clinic or method; [`STAYED`] for the same.
    pub clinic_cause: &'static str,
}

/// Passages of a slice, with the number of persons each. The order of the map does not show: rows are sorted afterwards.
#[derive(Debug, Default)]
pub(super) struct Passages<'b>(HashMap<Passage<'b>, i64>);

impl<'b> Passages<'b> {
    pub fn add(&mut self, passage: Passage<'b>) {
        *self.0.entry(passage).or_default() += 1;
    }

    /// Movement of the passages.
    pub fn to_movement(&self) -> Movement {
        let mut movement = Movement::default();
        for (passage, heads) in &self.0 {
            movement.add_passage(passage, *heads);
        }
        movement
    }
}

/// Subject of a row of movement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MovementOf {
    /// Attached people by clinic.
    Clinic,
    /// Insured people by insurer.
    Insurer,
    /// Attached people by insurer and clinic.
    Pair,
}

impl MovementOf {
    /// Word of the column `of`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Clinic => "clinic",
            Self::Insurer => "insurer",
            Self::Pair => "pair",
        }
    }
}

/// Insurer, clinic or pair of both.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct MovementPlace {
    /// Code of the insurer; `None` for clinics.
    pub insurer: Option<String>,
    /// Code of the clinic; `None` for insurers.
    pub clinic: Option<String>,
}

impl MovementPlace {
    /// Whether the place stands for people who are not counted.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.insurer.is_none() && self.clinic.is_none()
    }
}

/// Key of a row of movement, in the order of the table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MovementKey {
    /// What is counted.
    pub of: MovementOf,
    /// Place in the former run.
    pub from: MovementPlace,
    /// Place in the later run.
    pub to: MovementPlace,
    /// Cause, or [`STAYED`].
    pub cause: &'static str,
}

/// Numbers of people of a row of movement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MovementHeads {
    /// People.
    pub heads: i64,
    /// People that the former run counted for money at the place that they are from.
    pub funded_before: i64,
    /// People that the later run counts for money at the place that they are at.
    pub funded_now: i64,
}

impl MovementHeads {
    fn add(&mut self, other: Self) {
        self.heads += other.heads;
        self.funded_before += other.funded_before;
        self.funded_now += other.funded_now;
    }
}

/// Movement between two runs, by key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Movement(pub BTreeMap<MovementKey, MovementHeads>);

impl Movement {
    /// Adds the movement of other persons.
    pub(super) fn merge(&mut self, other: Self) {
        for (key, heads) in other.0 {
            self.0.entry(key).or_default().add(heads);
        }
    }

    fn add_passage(&mut self, passage: &Passage<'_>, heads: i64) {
        let Passage { from, to, insurer_cause, clinic_cause } = *passage;
        let mut add = |of: MovementOf, from_place: MovementPlace, to_place: MovementPlace, cause, is_funded: [bool; 2]| {
            let [funded_before, funded_now] = is_funded.map(|is_funded| if is_funded { heads } else { 0 });
            if !from_place.is_none() || !to_place.is_none() {
                let key = MovementKey { of, from: from_place, to: to_place, cause };
                self.0.entry(key).or_default().add(MovementHeads { heads, funded_before, funded_now });
            }
        };
        let insurer = |place: Place<'_>| MovementPlace { insurer: place.insurer.map(str::to_owned), clinic: None };
        let clinic = |place: Place<'_>| MovementPlace { insurer: None, clinic: place.clinic.map(str::to_owned) };
        let pair = |place: Place<'_>| match place.clinic {
            Some(_) => MovementPlace { clinic: place.clinic.map(str::to_owned), ..insurer(place) },
            None => MovementPlace::default(),
        };
        let is_funded = [from.is_funded, to.is_funded];
        add(MovementOf::Insurer, insurer(from), insurer(to), insurer_cause, [false, false]);
        add(MovementOf::Clinic, clinic(from), clinic(to), clinic_cause, is_funded);
        let only_insurer_differs = from.clinic == to.clinic && from.insurer != to.insurer;
        let pair_cause = match insurer_cause {
            "succession" if only_insurer_differs => "succession",
            _ if only_insurer_differs => "other_insurer",
            _ => clinic_cause,
        };
        add(MovementOf::Pair, pair(from), pair(to), pair_cause, is_funded);
    }

    /// Movement of each place: heads before and now, and people who came and left by cause.
    #[must_use]
    pub fn balances(&self, of: MovementOf) -> BTreeMap<MovementPlace, Balance> {
        let mut balances: BTreeMap<MovementPlace, Balance> = BTreeMap::new();
        for (key, heads) in self.0.iter().filter(|(key, _)| key.of == of) {
            let stays = key.cause == STAYED;
            if !key.from.is_none() {
                let place = balances.entry(key.from.clone()).or_default();
                place.before += heads.heads;
                place.funded_before += heads.funded_before;
                if !stays {
                    *place.out.entry(key.cause).or_default() += heads.heads;
                }
            }
            if !key.to.is_none() {
                let place = balances.entry(key.to.clone()).or_default();
                place.now += heads.heads;
                place.funded_now += heads.funded_now;
                if !stays {
                    *place.came.entry(key.cause).or_default() += heads.heads;
                }
            }
        }
        for (place, balance) in &balances {
            let expected = balance.before + balance.came_in_all() - balance.out_in_all();
            assert_eq!(expected, balance.now, "invariant: the movement of {place:?} balances");
        }
        balances
    }

    /// Checks that people by pair are those of `headcount` in both runs, if they were published with it.
    pub(super) fn check(&self, old: &ComparedRun, new: &ComparedRun) -> Result<(), DiffError> {
        let balances = self.balances(MovementOf::Pair);
        let before = balances.iter().map(|(place, balance)| (place.clone(), balance.before));
        check_heads(old, before.filter(|(_, heads)| *heads > 0).collect())?;
        let now = balances.iter().map(|(place, balance)| (place.clone(), balance.now));
        check_heads(new, now.filter(|(_, heads)| *heads > 0).collect())
    }
}

/// Heads of a place in both runs, and the people between.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// Heads in the former run.
    pub before: i64,
    /// Heads in the later run.
    pub now: i64,
    /// Heads that the former run counts for money.
    pub funded_before: i64,
    /// Heads that the later run counts for money.
    pub funded_now: i64,
    /// People who came, by cause.
    pub came: BTreeMap<&'static str, i64>,
    /// People who left, by cause.
    pub out: BTreeMap<&'static str, i64>,
}

impl Balance {
    /// All people who came.
    #[must_use]
    pub fn came_in_all(&self) -> i64 {
        self.came.values().sum()
    }

    /// All people who left.
    #[must_use]
    pub fn out_in_all(&self) -> i64 {
        self.out.values().sum()
    }
}

/// Compares heads with those of `headcount` on the as-of date, in the first set of bands.
fn check_heads(run: &ComparedRun, moved: BTreeMap<MovementPlace, i64>) -> Result<(), DiffError> {
    if run.clinics.is_empty() {
        // Without the table of clinics, people of a branch are not known to be counted at its head.
        return Ok(());
    }
    let columns = ["count_date", "band_set", "scope", "profile", "insurer", "clinic", "heads"];
    let rows = rows_of(&run.dir, OutputTable::Headcount, &columns, |row| {
        let is_counted = row.date("count_date") == Some(run.as_of)
            && row.text("scope") == Some("attached")
            && row.number("profile") == Some(1);
        let text = |column| row.text(column).map(str::to_owned);
        let place = MovementPlace { insurer: text("insurer"), clinic: text("clinic") };
        is_counted.then(|| (text("band_set").unwrap_or_default(), place, row.number("heads").unwrap_or_default()))
    })?;
    let rows: Vec<_> = rows.into_iter().flatten().collect();
    let Some((first_set, ..)) = rows.first() else { return Ok(()) };
    let mut counted: BTreeMap<MovementPlace, i64> = BTreeMap::new();
    for (_, place, heads) in rows.iter().filter(|(set, ..)| set == first_set) {
        *counted.entry(place.clone()).or_default() += heads;
    }
    let heads = |of: &BTreeMap<MovementPlace, i64>, place: &MovementPlace| of.get(place).copied().unwrap_or_default();
    match counted.keys().chain(moved.keys()).find(|place| heads(&counted, place) != heads(&moved, place)) {
        None => Ok(()),
        Some(place) => Err(DiffError::Unbalanced {
            run_id: run.run_id.clone(),
            place: [&place.insurer, &place.clinic].into_iter().flatten().cloned().collect::<Vec<_>>().join(" "),
            counted: heads(&counted, place),
            moved: heads(&moved, place),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn place(insurer: u8, clinic: u8) -> Place<'static> {
        const INSURERS: [&str; 2] = ["98001", "98002"];
        const CLINICS: [&str; 3] = ["980101", "980102", "980103"];
        let insurer = INSURERS.get(usize::from(insurer)).copied();
        let clinic = insurer.and_then(|_| CLINICS.get(usize::from(clinic)).copied());
        Place { insurer, clinic, is_funded: clinic.is_some() }
    }

    fn passage(from: Place<'static>, to: Place<'static>) -> Passage<'static> {
        let word = |is_same| if is_same { STAYED } else { "application" };
        Passage { from, to, insurer_cause: word(from.insurer == to.insurer), clinic_cause: word(from.clinic == to.clinic) }
    }

    #[test]
    fn a_change_of_insurer_moves_the_pair_and_not_the_clinic() {
        let mut passages = Passages::default();
        passages.add(passage(place(0, 0), place(1, 0)));
        let movement = passages.to_movement();
        let causes: Vec<_> = movement.0.keys().map(|key| (key.of.word(), key.cause)).collect();
        assert_eq!(causes, [("clinic", STAYED), ("insurer", "application"), ("pair", "other_insurer")]);
    }

    #[test]
    fn a_change_of_method_is_a_detachment_and_an_attachment() {
        let mut passages = Passages::default();
        passages.add(Passage { clinic_cause: "application", ..passage(place(0, 0), place(0, 0)) });
        let balances = passages.to_movement().balances(MovementOf::Clinic);
        let balance = balances.values().next().expect("a clinic");
        assert_eq!((balance.before, balance.came_in_all(), balance.out_in_all(), balance.now), (1, 1, 1, 1));
    }

    proptest! {
        #[test]
        fn movement_balances_and_its_mirror_is_the_way_back(
            people in proptest::collection::vec((0_u8..3, 0_u8..4, 0_u8..3, 0_u8..4), 0..60),
        ) {
            let (mut there, mut back) = (Passages::default(), Passages::default());
            for (from_insurer, from_clinic, to_insurer, to_clinic) in people {
                let (from, to) = (place(from_insurer, from_clinic), place(to_insurer, to_clinic));
                there.add(passage(from, to));
                back.add(passage(to, from));
            }
            let (there, back) = (there.to_movement(), back.to_movement());
            for of in [MovementOf::Clinic, MovementOf::Insurer, MovementOf::Pair] {
                let (there, back) = (there.balances(of), back.balances(of));
                let mirrored: Vec<_> = back.iter().map(|(place, balance)| (place, balance.now, balance.before)).collect();
                let forward: Vec<_> = there.iter().map(|(place, balance)| (place, balance.before, balance.now)).collect();
                prop_assert_eq!(forward, mirrored);
            }
        }
    }
}
