//! A block of households: their rows as bytes for each file, and the truth about them.
//!
//! Blocks are made in parallel and appended in order. A block knows the lines inside itself only; where it begins in each file is told later.

use std::sync::Arc;

use arrow::record_batch::RecordBatch;

use super::format::{CanonicalRow, Files, Format, Shape, TableRows, dump, exchange};
use super::person::{Needs, Person, needs};
use super::plan::{Chances, Place, Plan};
use super::random::{Chance, Random};
use super::rates::{KINDS, Kind, Rates, Scope};
use super::rows::{ATTACHMENT_COLUMNS, Damage, REGISTER_COLUMNS, RowIdentity, damage, number};
use super::scenario::{happen, happen_to_both};
use super::text::Text;
use super::world::World;
use sverka_model::Code;

/// Households of one block.
pub(super) const HOUSEHOLDS: u64 = 2048;

/// From this many people on, every kind with a rate occurs at least once.
const ALL_KINDS_FROM: u64 = 1000;

/// What all blocks share.
pub(super) struct Region {
    pub world: World,
    pub files: Arc<Files>,
    pub persons: u64,
    pub seed: u64,
    pub truth: bool,
    chances: Chances,
    /// Upper edges of the kinds of which a person has at most one.
    edges: Vec<(Chance, Kind)>,
    /// Kinds that the first households carry whatever they draw.
    forced: Vec<Kind>,
}

impl Region {
    pub fn new(world: World, files: Files, persons: u64, seed: u64, rates: &Rates, truth: bool) -> Self {
        let (rates, files) = (&world.carry.rates(rates), Arc::new(files));
        let exclusive: Vec<Kind> =
            KINDS.iter().filter(|info| info.scope != Scope::Field && rates.of(info.kind) > 0.0).map(|info| info.kind).collect();
        let chances = Chances::new(rates);
        let mut edge = Chance::new(0.0);
        let edges = exclusive
            .iter()
            .map(|&kind| {
                edge = edge.or(chances.of(kind));
                (edge, kind)
            })
            .collect();
        let forced = if persons >= ALL_KINDS_FROM { exclusive } else { Vec::new() };
        Self { world, files, persons, seed, truth, chances, edges, forced }
    }

    /// How many blocks the region has.
    pub fn blocks(&self) -> u64 {
        self.persons.div_ceil(2 * HOUSEHOLDS)
    }

    fn draw_kind(&self, random: &mut Random) -> Option<Kind> {
        let drawn = random.draw();
        if self.edges.last().is_none_or(|&(last, _)| drawn >= last) {
            return None;
        }
        self.edges.iter().find(|&&(edge, _)| drawn < edge).map(|&(_, kind)| kind)
    }
}

/// Rows of a block for one file.
#[derive(Default)]
pub(super) struct Part {
    pub bytes: Vec<u8>,
    pub rows: u64,
    /// The rows of a file that is no text.
    pub batch: Option<RecordBatch>,
    pub gathered: Option<TableRows>,
}

struct RowTruth {
    register: bool,
    file: u16,
    /// From 0, inside the block's part of the file.
    row: u32,
    person: u64,
}

struct DefectTruth {
    kind: Kind,
    register: bool,
    file: u16,
    row: u32,
    expected: Option<Code>,
}

/// A block's bytes for every file.
#[derive(Default)]
pub(super) struct Block {
    pub parts: Vec<Part>,
    pub persons_done: u64,
    pub register_rows: u64,
    pub attachment_rows: u64,
    pub persons_csv: Vec<u8>,
    pub kinds_csv: Vec<u8>,
    pub records_csv: Vec<u8>,
    pub defects_csv: Vec<u8>,
    /// How often each kind struck.
    pub struck: Vec<u64>,
    /// Rows before the block in each file.
    pub rows_before: Vec<u64>,
    rows: Vec<RowTruth>,
    defects: Vec<DefectTruth>,
    plans: Vec<Plan>,
    /// Rows of the plan that is being written, as (file, row) by place.
    placed: [Vec<(u16, u32)>; 2],
    /// The canonical rows of the plan that is being written: their bytes, and where each ends.
    canonical: [(Vec<u8>, Vec<usize>); 2],
}

impl Block {
    /// Fills the block with the households of its number.
    pub fn fill(&mut self, region: &Region, number: u64) {
        self.clear(region.files.list.len());
        let households = region.persons.div_ceil(2);
        let mut plans = std::mem::take(&mut self.plans);
        for household in number * HOUSEHOLDS..((number + 1) * HOUSEHOLDS).min(households) {
            self.household(region, household, &mut plans);
        }
        self.plans = plans;
        for part in &mut self.parts {
            part.batch = part.gathered.as_mut().map(TableRows::take);
        }
    }

    fn clear(&mut self, files: usize) {
        self.parts.resize_with(files, Part::default);
        for part in &mut self.parts {
            part.bytes.clear();
            part.rows = 0;
            part.batch = None;
        }
        for csv in [&mut self.persons_csv, &mut self.kinds_csv, &mut self.records_csv, &mut self.defects_csv] {
            csv.clear();
        }
        self.rows.clear();
        self.defects.clear();
        self.struck.clear();
        self.struck.resize(KINDS.len(), 0);
        (self.persons_done, self.register_rows, self.attachment_rows) = (0, 0, 0);
    }

    fn household(&mut self, region: &Region, household: u64, plans: &mut Vec<Plan>) {
        let random = &mut Random::of_household(region.seed, household);
        let (first, second) = (2 * household + 1, 2 * household + 2);
        let alone = second > region.persons;
        let drawn = region.draw_kind(random);
        let kind = region.forced.get(household as usize).copied().or(drawn);
        let of_both = kind.filter(|kind| kind.info().scope == Scope::Household);
        let kind = kind.filter(|_| of_both.is_none() || !alone);
        let person = Person::new(&region.world, first, needs(kind), None, random);
        set(plans, 0, person);
        live(&mut plans[0], kind, region, random);
        if alone {
            self.write(region, &mut plans[0]);
        } else {
            match of_both {
                Some(kind) => {
                    set(plans, 1, partner(kind, &person, second, region, random));
                    live(&mut plans[1], Some(kind), region, random);
                    let (left, right) = plans.split_at_mut(1);
                    happen_to_both(kind, &mut left[0], &mut right[0]);
                }
                None => {
                    let kind = region.draw_kind(random).filter(|kind| kind.info().scope == Scope::Person);
                    set(plans, 1, Person::new(&region.world, second, needs(kind), None, random));
                    live(&mut plans[1], kind, region, random);
                    self.struck(kind);
                }
            }
            self.write(region, &mut plans[0]);
            self.write(region, &mut plans[1]);
        }
        self.struck(kind);
    }

    fn struck(&mut self, kind: Option<Kind>) {
        if let Some(kind) = kind {
            self.struck[kind as usize] += 1;
        }
    }

    fn write(&mut self, region: &Region, plan: &mut Plan) {
        plan.restrict(region.world.carry);
        if region.files.format == Format::Parquet {
            plan.without_broken_rows();
        }
        for placed in &mut self.placed {
            placed.clear();
        }
        self.canonical_rows(region, plan);
        let files = &region.files;
        if files.format == Format::Dump {
            self.write_dump(files, plan);
        } else {
            for (place, row) in plan.registers.iter().enumerate() {
                self.write_row(files, true, files.of_insurer(row.insurer), place, plan.person.number);
            }
            for (place, row) in plan.attachments.iter().enumerate() {
                self.write_row(files, false, files.of_clinic(row.clinic), place, plan.person.number);
            }
        }
        self.register_rows += plan.registers.len() as u64;
        self.attachment_rows += plan.attachments.len() as u64;
        self.persons_done += 1;
        for defect in &plan.defects {
            if defect.kind.info().scope == Scope::Field {
                self.struck[defect.kind as usize] += 1;
            }
        }
        if region.truth {
            self.write_truth(region, plan);
        }
    }

    /// Writes every row as canonical CSV without line break, damage included.
    fn canonical_rows(&mut self, region: &Region, plan: &Plan) {
        let world = &region.world;
        let [registers, attachments] = &mut self.canonical;
        let identity = |prefix, place: usize, code| {
            let record = plan.person.number * 10 + place as u64;
            RowIdentity { prefix, record, code, carry: world.carry }
        };
        clear(registers);
        for (place, row) in plan.registers.iter().enumerate() {
            let code = world.insurers[usize::from(row.insurer)].code;
            add(registers, &row.damage, REGISTER_COLUMNS, &row.surname, |out| row.write(&identity(b'R', place, code), out));
        }
        clear(attachments);
        for (place, row) in plan.attachments.iter().enumerate() {
            let code = world.clinics[usize::from(row.clinic)].code;
            add(attachments, &row.damage, ATTACHMENT_COLUMNS, &row.surname, |out| row.write(&identity(b'A', place, code), out));
        }
    }

    /// Writes the canonical row at a place in the shape of its file.
    fn write_row(&mut self, files: &Files, register: bool, file: u16, place: usize, person: u64) {
        let table = usize::from(!register);
        let row = row_at(&self.canonical[table], place);
        let part = &mut self.parts[usize::from(file)];
        match files.list[usize::from(file)].shape {
            Shape::Csv(_) => {
                part.bytes.extend_from_slice(row);
                part.bytes.push(b'\n');
            }
            Shape::Exchange => exchange::write(&CanonicalRow::split(row).attachment(), &mut part.bytes),
            Shape::Oplist { dialect, .. } => dialect.write(person, &CanonicalRow::split(row).register(), &mut part.bytes),
            Shape::Parquet { register } => {
                part.gathered.get_or_insert_with(|| TableRows::new(register)).push(&CanonicalRow::split(row));
            }
            Shape::Dump => unreachable!("a row of a dump is one of both tables"),
        }
        self.placed[table].push((file, part.rows as u32));
        part.rows += 1;
    }

    /// Every register row with the attachment at the same place, if there is one.
    fn write_dump(&mut self, files: &Files, plan: &Plan) {
        assert!(plan.attachments.len() <= plan.registers.len(), "invariant: nobody in a dump is attached without insurance");
        for (place, row) in plan.registers.iter().enumerate() {
            let file = files.of_insurer(row.insurer);
            let part = &mut self.parts[usize::from(file)];
            let register = CanonicalRow::split(row_at(&self.canonical[0], place));
            let attachment = (place < plan.attachments.len()).then(|| CanonicalRow::split(row_at(&self.canonical[1], place)));
            let attachment = attachment.as_ref().map(CanonicalRow::attachment);
            dump::write(plan.person.number, &register.register(), attachment.as_ref(), files.encoding, &mut part.bytes);
            self.placed[0].push((file, part.rows as u32));
            if attachment.is_some() {
                self.placed[1].push((file, part.rows as u32));
            }
            part.rows += 1;
        }
    }

    fn write_truth(&mut self, region: &Region, plan: &Plan) {
        let person = plan.person.number;
        for (register, placed) in [true, false].into_iter().zip(&self.placed) {
            self.rows.extend(placed.iter().map(|&(file, row)| RowTruth { register, file, row, person }));
        }
        for defect in &plan.defects {
            let (register, (file, row)) = match defect.place {
                Place::Register(place) => (true, self.placed[0][place]),
                Place::Attachment(place) => (false, self.placed[1][place]),
            };
            self.defects.push(DefectTruth { kind: defect.kind, register, file, row, expected: defect.expected });
        }
        if let Some(kind) = plan.kind {
            number(&mut self.kinds_csv, person);
            self.kinds_csv.push(b';');
            self.kinds_csv.extend_from_slice(kind.info().name.as_bytes());
            self.kinds_csv.push(b'\n');
        }
        let Some(insurer) = plan.insurer else { return };
        let out = &mut self.persons_csv;
        number(out, person);
        out.push(b';');
        number(out, u64::from(region.world.insurers[usize::from(insurer)].code));
        out.push(b';');
        if let Some(clinic) = plan.clinic {
            number(out, u64::from(region.world.clinics[usize::from(clinic)].code));
        }
        out.extend_from_slice(if plan.funded() { b";1\n" } else { b";0\n" });
    }

    /// Writes the truth that names lines, once `rows_before` is known.
    pub fn write_lines(&mut self, files: &Files) {
        for truth in &self.rows {
            let before = self.rows_before[usize::from(truth.file)] + u64::from(truth.row);
            files.tell(truth.register, truth.file, before, &mut self.records_csv);
            number(&mut self.records_csv, truth.person);
            self.records_csv.push(b'\n');
        }
        for truth in &self.defects {
            let before = self.rows_before[usize::from(truth.file)] + u64::from(truth.row);
            self.defects_csv.extend_from_slice(truth.kind.info().name.as_bytes());
            self.defects_csv.push(b';');
            files.tell(truth.register, truth.file, before, &mut self.defects_csv);
            self.defects_csv.extend_from_slice(truth.expected.map_or("", Code::name).as_bytes());
            self.defects_csv.push(b'\n');
        }
    }
}

fn clear((bytes, ends): &mut (Vec<u8>, Vec<usize>)) {
    bytes.clear();
    ends.clear();
}

/// Adds a row with its damage.
fn add((bytes, ends): &mut (Vec<u8>, Vec<usize>), how: &Damage, columns: &str, surname: &Text, write: impl FnOnce(&mut Vec<u8>)) {
    if matches!(how, Damage::None) {
        write(bytes);
    } else {
        let mut row = Vec::new();
        write(&mut row);
        damage(&mut row, how, columns, surname);
        bytes.extend_from_slice(&row);
    }
    ends.push(bytes.len());
}

fn row_at((bytes, ends): &(Vec<u8>, Vec<usize>), place: usize) -> &[u8] {
    let from = place.checked_sub(1).map_or(0, |before| ends[before]);
    &bytes[from..ends[place]]
}

fn set(plans: &mut Vec<Plan>, place: usize, person: Person) {
    match plans.get_mut(place) {
        Some(plan) => plan.person = person,
        None => plans.push(Plan::new(person)),
    }
}

/// The second of two people with something in common.
fn partner(kind: Kind, first: &Person, number: u64, region: &Region, random: &mut Random) -> Person {
    let twins = kind != Kind::EnpShared;
    let needs = Needs { ages: None, sex: twins.then_some(first.sex), letters: 0 };
    loop {
        let mut second = Person::new(&region.world, number, needs, twins.then_some(first.age), random);
        if twins {
            (second.surname, second.father) = (first.surname, first.father);
        }
        if second.given_name.bytes() != first.given_name.bytes() && (twins || second.age != first.age) {
            return second;
        }
    }
}

fn live(plan: &mut Plan, kind: Option<Kind>, region: &Region, random: &mut Random) {
    plan.kind = kind;
    plan.begin(&region.world, random);
    match kind {
        None => plan.leave_gaps(&region.chances, &region.world, random),
        Some(kind) if kind.info().scope == Scope::Person => happen(kind, plan, &region.world, random),
        Some(_) => {}
    }
}
