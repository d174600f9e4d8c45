//! Foreigners and terms: categories 3, 5, 8 and 10 to 14 are insured up to a planned end, others without one.

use super::super::plan::Place;
use super::super::rates::Kind;
use super::super::text::Text;
use super::super::world::ymd;
use super::Case;
use sverka_model::{Code, Date};

const CITIZENSHIPS: [&str; 8] = ["UZB", "TJK", "ARM", "KGZ", "AZE", "BLR", "KAZ", "UKR"];
/// Working and not working.
const STATELESS: [u8; 2] = [4, 9];
/// Working and not working: temporary foreigners, refugees, workers of the EAEU.
const WITH_TERM: [u8; 8] = [3, 8, 8, 5, 10, 11, 12, 13];

impl Case<'_> {
    /// Whether the kind is one of this module.
    pub fn foreigner(&mut self) -> bool {
        match self.kind {
            Kind::ForeignerPermanent => {
                let category = self.random.pick(&[2, 7, 7, 4, 9]);
                self.become_foreigner(category, 11);
            }
            Kind::ForeignerWithTerm => self.with_term(),
            Kind::TermMissing => self.term_missing(),
            Kind::TermIgnored => {
                let days = self.random.below(800) as i32 - 400;
                self.register().insured_to = Date::from_days(self.world.as_of.days() + days);
                self.found(Place::Register(0), Code::TermIgnored);
            }
            _ => return false,
        }
        true
    }

    fn become_foreigner(&mut self, category: u8, doc_kind: u8) {
        let citizenship = if STATELESS.contains(&category) { "Б/Г" } else { self.random.pick(&CITIZENSHIPS) };
        let mut number = Text::EMPTY;
        number.push(self.random.pick(&["82 ", "83 ", "90 ", ""]).as_bytes());
        number.push_digits(u64::from(self.random.below(10_000_000)), 7);
        let without_patronymic = self.random.once_in(3);
        let row = self.register();
        row.category = category;
        row.citizenship = citizenship;
        row.doc_kind = doc_kind;
        row.doc_number = number;
        row.birth_place = "";
        if without_patronymic {
            row.patronymic = Text::EMPTY;
        }
        let copy = *row;
        let attachment = self.attachment();
        attachment.patronymic = copy.patronymic;
        attachment.doc_number = copy.doc_number;
        attachment.doc_kind = attachment.doc_kind.min(1) * doc_kind;
    }

    /// A term to the end of the year: it lasts, has passed, or has passed and was renewed.
    fn with_term(&mut self) {
        let category = self.random.pick(&WITH_TERM);
        let doc_kind = self.random.pick(&[21, 23, 12]);
        self.become_foreigner(category, doc_kind);
        let as_of = self.world.as_of;
        let this_year = ymd(as_of.year(), 1, 1);
        let outcome = self.random.below(3);
        let years_ago = if outcome == 1 { 1 + self.random.below(2) as i32 } else { 1 };
        let from = match outcome {
            0 => self.random.day(this_year, as_of),
            _ => self.day_of((as_of.year() - years_ago, 1, 1), (as_of.year() - years_ago, 11, 19)),
        };
        let (insurer, clinic) = (self.register().insurer, self.attachment().clinic);
        self.insured_by(insurer, from);
        self.attached_to(clinic, 2, from);
        self.register().insured_to = ymd(from.year() + 1, 1, 1);
        match outcome {
            0 => {}
            1 => (self.plan.insurer, self.plan.clinic) = (None, None),
            _ => {
                let renewed = self.insured_again(insurer, this_year, Date::NEVER, "П063");
                self.plan.registers[renewed].insured_to = ymd(as_of.year() + 1, 1, 1);
            }
        }
    }

    /// The end that is then taken is 1 January of the year after the start.
    fn term_missing(&mut self) {
        let category = self.random.pick(&WITH_TERM);
        self.become_foreigner(category, 21);
        let as_of = self.world.as_of;
        let this_year = self.coin();
        let from = if this_year {
            self.random.day(ymd(as_of.year(), 1, 1), as_of)
        } else {
            self.day_of((as_of.year() - 3, 1, 1), (as_of.year() - 1, 12, 31))
        };
        let (insurer, clinic) = (self.register().insurer, self.attachment().clinic);
        self.insured_by(insurer, from);
        self.attached_to(clinic, 1, from);
        self.found(Place::Register(0), Code::TermMissing);
        if !this_year {
            (self.plan.insurer, self.plan.clinic) = (None, None);
        }
    }
}
