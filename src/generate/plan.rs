//! Plan of one person: rows of both tables, defects, expected findings, insurer and clinic on the as-of date.
//!
//! A plan begins as an orderly life; [`super::scenario`] then changes it by one kind.

use super::person::Person;
use super::random::{Chance, Random};
use super::rates::{KINDS, Kind, Rates};
use super::rows::{AttachmentRow, Damage, PolicyNumber, RegisterRow};
use super::text::Text;
use super::world::{Ages, DISTRICTS, MERGED_INSURER, World};
use sverka_model::{AttachmentMethod, ClinicId, Code, Date, DocumentKind, InsurerId, PolicyKind, Profile, Sex, Snils};

/// Row of a plan: its table and its index among the rows of that table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PlanRow {
    Register(usize),
    Attachment(usize),
}

/// Change that a kind made to a row, with the finding that a reconciliation must give the row, if any rule can see the change.
#[derive(Clone, Copy)]
pub(super) struct Defect {
    pub kind: Kind,
    pub row: PlanRow,
    pub expected: Option<Code>,
}

/// Probabilities of the kinds, ready to draw.
pub(super) struct Chances(Vec<Chance>);

impl Chances {
    pub fn new(rates: &Rates) -> Self {
        Self(KINDS.iter().map(|info| Chance::new(rates.of(info.kind))).collect())
    }

    pub fn of(&self, kind: Kind) -> Chance {
        self.0[kind as usize]
    }
}

/// Rows of one person. One plan serves many persons in turn, so its lists are allocated once.
pub(super) struct Plan {
    pub person: Person,
    /// Kind that struck the whole person, if any.
    pub kind: Option<Kind>,
    pub registers: Vec<RegisterRow>,
    pub attachments: Vec<AttachmentRow>,
    pub defects: Vec<Defect>,
    /// Insurer of the person on the as-of date.
    pub insurer: Option<InsurerId>,
    /// Clinic of the person on the as-of date.
    pub clinic: Option<ClinicId>,
    /// Whether only the smaller code decided the insurer or the clinic.
    pub unresolved: bool,
}

/// Profile of gynaecology.
pub(super) const GYNAECOLOGY: Profile = Profile::new(2);
/// Profile of dental care.
pub(super) const DENTAL: Profile = Profile::new(3);

/// Methods of attachment, each as often as it is drawn.
const METHODS: [AttachmentMethod; 10] = [
    AttachmentMethod::BY_RESIDENCE,
    AttachmentMethod::BY_RESIDENCE,
    AttachmentMethod::BY_RESIDENCE,
    AttachmentMethod::BY_RESIDENCE,
    AttachmentMethod::BY_RESIDENCE,
    AttachmentMethod::BY_RESIDENCE,
    AttachmentMethod::BY_RESIDENCE,
    AttachmentMethod::BY_APPLICATION,
    AttachmentMethod::BY_APPLICATION,
    AttachmentMethod::AFTER_MOVE,
];

/// Birth places as they stand in canonical CSV: quoted where a value needs quotes.
const BIRTH_PLACES: [&str; 8] = [
    "г. Волжанск",
    "г. Степногорье",
    "г. Камышино",
    "пос. Вишнёвый",
    "с. Ольховка-Верхняя",
    "ст. Донская",
    "х. Зелёный Яр",
    "\"пос. \"\"Заря\"\"; Волжанский р-н\"",
];

impl Plan {
    /// Plans an orderly life: one policy, one clinic that serves the age.
    pub fn begin(&mut self, world: &World, random: &mut Random) {
        self.registers.clear();
        self.attachments.clear();
        self.defects.clear();
        self.unresolved = false;
        let register = register_row(&self.person, world, random);
        let attachment = attachment_row(&register, self.person.adult, world, random);
        self.insurer = Some(world.insurer_on_the_day(register.insurer));
        self.clinic = Some(world.clinic_on_the_day(attachment.clinic));
        self.registers.push(register);
        self.attachments.push(attachment);
    }

    pub fn new(person: Person) -> Self {
        Self {
            person,
            kind: None,
            registers: Vec::new(),
            attachments: Vec::new(),
            defects: Vec::new(),
            insurer: None,
            clinic: None,
            unresolved: false,
        }
    }

    /// Leaves gaps as the fields of ordinary people have them.
    pub fn leave_gaps(&mut self, chances: &Chances, world: &World, random: &mut Random) {
        let (register, attachment) = (&mut self.registers[0], &mut self.attachments[0]);
        let snils_missing = if self.person.adult { Kind::SnilsMissingAdult } else { Kind::SnilsMissingChild };
        if random.hits(chances.of(snils_missing)) {
            register.snils = Snils::NONE;
            attachment.snils = Snils::NONE;
            if self.person.adult {
                let expected = Some(Code::SnilsRequired);
                self.defects.push(Defect { kind: snils_missing, row: PlanRow::Register(0), expected });
            }
        }
        if random.hits(chances.of(Kind::PatronymicMissing)) {
            register.patronymic = Text::from(random.pick(&["", "", "-", "НЕТ"]));
            attachment.patronymic = Text::from(random.pick(&["", "", "-", "НЕТ"]));
        }
        if random.hits(chances.of(Kind::DistrictMissing)) {
            attachment.district = 0;
        }
        if random.hits(chances.of(Kind::DoctorMissing)) {
            attachment.doctor = Snils::NONE;
        }
        if random.hits(chances.of(Kind::MethodMissing)) {
            attachment.method = AttachmentMethod::NONE;
        }
        if random.hits(chances.of(Kind::OtherProfile)) {
            let mut other = *attachment;
            if random.once_in(3) {
                other.clinic = world.clinic(!self.person.adult, random);
            }
            if other.clinic == attachment.clinic || world.clinics[usize::from(other.clinic)].ages == Ages::All {
                let doctors = &world.clinics[usize::from(other.clinic)].doctors;
                other.doctor = doctors[usize::from(other.district.saturating_sub(1))];
                other.profile = if self.person.sex == Sex::Female && self.person.adult { GYNAECOLOGY } else { DENTAL };
                self.attachments.push(other);
            }
        }
        if random.hits(chances.of(Kind::Unattached)) {
            self.attachments.clear();
            self.clinic = None;
        }
    }

    /// Notes a finding that a reconciliation must give a row.
    pub fn expect_finding(&mut self, kind: Kind, row: PlanRow, code: Code) {
        self.defects.push(Defect { kind, row, expected: Some(code) });
    }

    /// Notes a change of a row that no rule can see, or that needs no finding.
    pub fn expect_nothing(&mut self, kind: Kind, row: PlanRow) {
        self.defects.push(Defect { kind, row, expected: None });
    }

    /// Takes the insurance from the person: no row of the register counts, so no attachment counts.
    pub fn make_uninsured(&mut self, kind: Kind) {
        self.insurer = None;
        self.clinic = None;
        for row in 0..self.attachments.len() {
            self.expect_finding(kind, PlanRow::Attachment(row), Code::NotInsured);
        }
    }

    /// Whether the per-capita norm is paid for this person.
    pub fn funded(&self) -> bool {
        self.insurer.is_some() && self.clinic.is_some() && !self.unresolved
    }
}

/// Row of the register of an orderly person.
pub(super) fn register_row(person: &Person, world: &World, random: &mut Random) -> RegisterRow {
    let first = world.start.max(person.birth_date);
    let insured_from = if person.birth_date > world.start && random.below(10) != 0 {
        Date::from_days(person.birth_date.days() + random.below(45) as i32).min(world.as_of)
    } else {
        random.day(first, world.as_of).min(random.day(first, world.as_of))
    };
    let mut insurer = world.insurer(random);
    if random.once_in(25) && insured_from < world.insurer_works(MERGED_INSURER).to {
        insurer = MERGED_INSURER;
    }
    let policy_number = if random.once_in(4) {
        PolicyNumber::Blank(10_000_000_000 + person.number * 7 % 80_000_000_000)
    } else {
        PolicyNumber::None
    };
    RegisterRow {
        insurer,
        policy_kind: PolicyKind::SINGLE_SAMPLE,
        policy_number,
        enp: person.enp,
        surname: person.surname,
        given_name: person.given_name,
        patronymic: person.patronymic(),
        sex: person.sex,
        birth_date: person.birth_date,
        birth_place: BIRTH_PLACES[random.low_below(BIRTH_PLACES.len() as u32) as usize],
        snils: person.snils(),
        doc_kind: person.doc_kind,
        doc_number: person.doc_number,
        citizenship: "RUS",
        category: person.category,
        insured_from,
        insured_to: Date::NEVER,
        stopped_on: Date::NEVER,
        applied_on: if random.once_in(2) { insured_from } else { Date::NEVER },
        reason: random.pick(&["", "", "П010", "П060"]),
        death_date: Date::NEVER,
        damage: Damage::None,
    }
}

/// Attachment of an orderly person.
pub(super) fn attachment_row(register: &RegisterRow, adult: bool, world: &World, random: &mut Random) -> AttachmentRow {
    let mut clinic = world.clinic(!adult, random);
    let mut earliest = register.insured_from;
    if world.clinics[usize::from(clinic)].ages == Ages::Adults {
        earliest = earliest.max(register.birth_date.birthday(18));
    }
    let attached_from = random.day(earliest, world.as_of);
    if random.once_in(25) && attached_from < world.clinic_works(world.merged_clinic()).to {
        clinic = world.merged_clinic();
    }
    let with_document = random.once_in(2);
    let district = random.low_below(DISTRICTS);
    AttachmentRow {
        clinic,
        enp: register.enp,
        policy_kind: register.policy_kind,
        policy_number: PolicyNumber::None,
        snils: register.snils,
        surname: register.surname,
        given_name: register.given_name,
        patronymic: register.patronymic,
        sex: register.sex,
        birth_date: register.birth_date,
        doc_kind: if with_document { register.doc_kind } else { DocumentKind::NONE },
        doc_number: register.doc_number,
        profile: Profile::THERAPEUTIC,
        method: random.pick(&METHODS),
        attached_from,
        attached_to: Date::NEVER,
        district: district as u8 + 1,
        department: (district % 4) as u8 + 1,
        doctor: world.clinics[usize::from(clinic)].doctors[district as usize],
        damage: Damage::None,
    }
}
