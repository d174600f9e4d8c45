//! A block of households: their rows in the bytes of each file, and the truth about them.
//!
//! Blocks are made in parallel and appended in order. A block counts lines from its own start; its start in each file is set later.

use std::sync::Arc;

use arrow::record_batch::RecordBatch;

use super::Settings;
use super::format::{CanonicalRow, FileId, Files, Format, Shape, TableRows, dump, exchange};
use super::money::{Money, attach_to_services};
use super::person::{Needs, Person, needs};
use super::plan::{Chances, Plan, PlanRow};
use super::random::{Chance, Random};
use super::rates::{KINDS, Kind, Scope};
use super::rows::{ATTACHMENT_COLUMNS, Damage, REGISTER_COLUMNS, RowIdentity, damage, number};
use super::scenario::{apply, apply_to_both};
use super::text::Text;
use super::world::World;
use sverka_model::{Code, Profile, Table};

/// Number of households of a block.
pub(super) const HOUSEHOLDS: u64 = 2048;

/// Least number of people with which every kind with a rate occurs at least once.
const ALL_KINDS_FROM: u64 = 1000;

/// World, files and chances, which all blocks share.
pub(super) struct Region {
    pub world: World,
    pub files: Arc<Files>,
    pub persons: u64,
    pub seed: u64,
    pub truth: bool,
    money: Money,
    chances: Chances,
    /// Kinds of which a person has at most one, each with the upper edge of its range of draws.
    edges: Vec<(Chance, Kind)>,
    /// Kinds that the first households have, one each, whatever they draw.
    forced: Vec<Kind>,
}

impl Region {
    pub fn new(world: World, files: Files, settings: &Settings) -> Self {
        let &Settings { persons, seed, truth, money, .. } = settings;
        let (rates, files) = (&world.carry.rates(&settings.rates), Arc::new(files));
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
        Self { world, files, persons, seed, truth, money, chances, edges, forced }
    }

    /// Number of blocks.
    pub fn blocks(&self) -> u64 {
        self.persons.div_ceil(2 * HOUSEHOLDS)
    }

    /// A kind of which a person has at most one, or none, at random.
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
    /// Rows of a Parquet file, complete.
    pub batch: Option<RecordBatch>,
    /// Rows of a Parquet file that are being gathered.
    pub gathered: Option<TableRows>,
}

/// Row of a file, counted from 0 inside the part of the file that a block makes.
#[derive(Clone, Copy)]
struct BlockRow {
    file: FileId,
    row: u32,
}

/// Person of a row.
struct RowTruth {
    table: Table,
    row: BlockRow,
    person: u64,
}

/// Kind that struck a row, and the expected finding.
struct DefectTruth {
    kind: Kind,
    table: Table,
    row: BlockRow,
    expected: Option<Code>,
}

/// Canonical rows of one table of a plan.
#[derive(Default)]
struct CanonicalRows {
    bytes: Vec<u8>,
    /// End of each row in the bytes.
    ends: Vec<usize>,
}

impl CanonicalRows {
    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    /// Adds a row that `write` appends, with its damage.
    fn add(&mut self, how: &Damage, columns: &str, surname: &Text, write: impl FnOnce(&mut Vec<u8>)) {
        if matches!(how, Damage::None) {
            write(&mut self.bytes);
        } else {
            let mut row = Vec::new();
            write(&mut row);
            damage(&mut row, how, columns, surname);
            self.bytes.extend_from_slice(&row);
        }
        self.ends.push(self.bytes.len());
    }

    /// The bytes of a row.
    fn row(&self, index: usize) -> &[u8] {
        let from = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[from..self.ends[index]]
    }
}

/// Rows of a block for every file, and the truth about them.
#[derive(Default)]
pub(super) struct Block {
    pub parts: Vec<Part>,
    pub persons_done: u64,
    pub register_rows: u64,
    pub attachment_rows: u64,
    pub persons_csv: Vec<u8>,
    pub services_csv: Vec<u8>,
    pub kinds_csv: Vec<u8>,
    pub records_csv: Vec<u8>,
    pub defects_csv: Vec<u8>,
    /// Number of times that each kind struck.
    pub struck: Vec<u64>,
    /// Number of rows before the block in each file.
    pub rows_before: Vec<u64>,
    rows: Vec<RowTruth>,
    defects: Vec<DefectTruth>,
    plans: Vec<Plan>,
    /// Rows of the plan that is being written, for each table.
    placed: [Vec<BlockRow>; 2],
    /// Canonical rows of the plan that is being written, for each table.
    canonical: [CanonicalRows; 2],
}

impl Block {
    /// Fills the block of a number with its households.
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
        let people = [&mut self.persons_csv, &mut self.services_csv, &mut self.kinds_csv];
        for csv in people.into_iter().chain([&mut self.records_csv, &mut self.defects_csv]) {
            csv.clear();
        }
        self.rows.clear();
        self.defects.clear();
        self.struck.clear();
        self.struck.resize(KINDS.len(), 0);
        (self.persons_done, self.register_rows, self.attachment_rows) = (0, 0, 0);
    }

    /// Plans and writes a household of one or two persons.
    fn household(&mut self, region: &Region, household: u64, plans: &mut Vec<Plan>) {
        let random = &mut Random::of_household(region.seed, household);
        let (first, second) = (2 * household + 1, 2 * household + 2);
        let alone = second > region.persons;
        let drawn = region.draw_kind(random);
        let kind = region.forced.get(household as usize).copied().or(drawn);
        let of_both = kind.filter(|kind| kind.info().scope == Scope::Household);
        let kind = kind.filter(|_| of_both.is_none() || !alone);
        let person = Person::new(&region.world, first, needs(kind), None, random);
        set_person(plans, 0, person);
        live(&mut plans[0], kind, region, random);
        if alone {
            self.write(region, &mut plans[0]);
        } else {
            match of_both {
                Some(kind) => {
                    set_person(plans, 1, partner(kind, &person, second, region, random));
                    live(&mut plans[1], Some(kind), region, random);
                    let (left, right) = plans.split_at_mut(1);
                    apply_to_both(kind, &mut left[0], &mut right[0]);
                }
                None => {
                    let kind = region.draw_kind(random).filter(|kind| kind.info().scope == Scope::Person);
                    set_person(plans, 1, Person::new(&region.world, second, needs(kind), None, random));
                    live(&mut plans[1], kind, region, random);
                    self.count_kind(kind);
                }
            }
            self.write(region, &mut plans[0]);
            self.write(region, &mut plans[1]);
        }
        self.count_kind(kind);
    }

    fn count_kind(&mut self, kind: Option<Kind>) {
        if let Some(kind) = kind {
            self.struck[kind as usize] += 1;
        }
    }

    /// Writes the rows of a plan and the truth about them.
    fn write(&mut self, region: &Region, plan: &mut Plan) {
        if let Money::Full(ambulance) = region.money {
            attach_to_services(plan, &region.world, ambulance);
        }
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
            for (index, row) in plan.registers.iter().enumerate() {
                self.write_row(files, files.of_insurer(row.insurer), plan.person.number, Table::Register, index);
            }
            for (index, row) in plan.attachments.iter().enumerate() {
                self.write_row(files, files.of_clinic(row.clinic), plan.person.number, Table::Attachments, index);
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
        let identity = |prefix, index: usize, code| {
            let record = plan.person.number * 10 + index as u64;
            RowIdentity { prefix, record, code, carry: world.carry }
        };
        registers.clear();
        for (index, row) in plan.registers.iter().enumerate() {
            let code = world.insurers[usize::from(row.insurer)].code;
            registers.add(&row.damage, REGISTER_COLUMNS, &row.surname, |out| row.write(&identity(b'R', index, code), out));
        }
        attachments.clear();
        for (index, row) in plan.attachments.iter().enumerate() {
            let code = world.clinics[usize::from(row.clinic)].code;
            attachments.add(&row.damage, ATTACHMENT_COLUMNS, &row.surname, |out| row.write(&identity(b'A', index, code), out));
        }
    }

    /// Writes the canonical row of an index in the shape of its file.
    fn write_row(&mut self, files: &Files, file: FileId, person: u64, table: Table, index: usize) {
        let row = self.canonical[table as usize].row(index);
        let part = &mut self.parts[file.index()];
        match files.list[file.index()].shape {
            Shape::Csv(_) => {
                part.bytes.extend_from_slice(row);
                part.bytes.push(b'\n');
            }
            Shape::Exchange => exchange::write(&CanonicalRow::split(row).attachment(), &mut part.bytes),
            Shape::Oplist { dialect, .. } => dialect.write(person, &CanonicalRow::split(row).register(), &mut part.bytes),
            Shape::Parquet(table) => {
                part.gathered.get_or_insert_with(|| TableRows::new(table)).push(&CanonicalRow::split(row));
            }
            Shape::Dump => unreachable!("a row of a dump is one of both tables"),
        }
        self.placed[table as usize].push(BlockRow { file, row: part.rows as u32 });
        part.rows += 1;
    }

    /// Writes every row of the register with the attachment of the same index, if there is one.
    fn write_dump(&mut self, files: &Files, plan: &Plan) {
        assert!(plan.attachments.len() <= plan.registers.len(), "invariant: nobody in a dump is attached without insurance");
        let [registers, attachments] = &self.canonical;
        for (index, row) in plan.registers.iter().enumerate() {
            let file = files.of_insurer(row.insurer);
            let part = &mut self.parts[file.index()];
            let register = CanonicalRow::split(registers.row(index));
            let attachment = (index < plan.attachments.len()).then(|| CanonicalRow::split(attachments.row(index)));
            let attachment = attachment.as_ref().map(CanonicalRow::attachment);
            dump::write(plan.person.number, &register.register(), attachment.as_ref(), files.encoding, &mut part.bytes);
            let row = BlockRow { file, row: part.rows as u32 };
            self.placed[0].push(row);
            if attachment.is_some() {
                self.placed[1].push(row);
            }
            part.rows += 1;
        }
    }

    /// Writes the truth about a person, and keeps the truth about rows until their lines are known.
    fn write_truth(&mut self, region: &Region, plan: &Plan) {
        let person = plan.person.number;
        for (table, placed) in [Table::Register, Table::Attachments].into_iter().zip(&self.placed) {
            self.rows.extend(placed.iter().map(|&row| RowTruth { table, row, person }));
        }
        for defect in &plan.defects {
            let (table, index) = match defect.row {
                PlanRow::Register(index) => (Table::Register, index),
                PlanRow::Attachment(index) => (Table::Attachments, index),
            };
            let row = self.placed[table as usize][index];
            self.defects.push(DefectTruth { kind: defect.kind, table, row, expected: defect.expected });
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
        if region.money != Money::Simple {
            self.write_services(region, plan);
        }
    }

    /// Writes the services to which a person whom no kind struck as a whole is attached. Others are attached to none on the as-of date.
    fn write_services(&mut self, region: &Region, plan: &Plan) {
        let services = plan.attachments.iter().filter(|row| plan.kind.is_none() && row.profile != Profile::THERAPEUTIC);
        for row in services {
            let clinic = region.world.clinic_on_the_day(row.clinic);
            let out = &mut self.services_csv;
            number(out, plan.person.number);
            out.extend_from_slice(&[b';', b'0' + row.profile.code(), b';']);
            number(out, u64::from(region.world.clinics[usize::from(clinic)].code));
            out.push(b'\n');
        }
    }

    /// Writes the truth about rows, once `rows_before` is known.
    pub fn write_lines(&mut self, files: &Files) {
        for truth in &self.rows {
            let row = self.rows_before[truth.row.file.index()] + u64::from(truth.row.row);
            files.write_line(truth.table, truth.row.file, row, &mut self.records_csv);
            number(&mut self.records_csv, truth.person);
            self.records_csv.push(b'\n');
        }
        for truth in &self.defects {
            let row = self.rows_before[truth.row.file.index()] + u64::from(truth.row.row);
            self.defects_csv.extend_from_slice(truth.kind.info().name.as_bytes());
            self.defects_csv.push(b';');
            files.write_line(truth.table, truth.row.file, row, &mut self.defects_csv);
            self.defects_csv.extend_from_slice(truth.expected.map_or("", Code::name).as_bytes());
            self.defects_csv.push(b'\n');
        }
    }
}

/// Makes the plan of an index one of the person.
fn set_person(plans: &mut Vec<Plan>, index: usize, person: Person) {
    match plans.get_mut(index) {
        Some(plan) => plan.person = person,
        None => plans.push(Plan::new(person)),
    }
}

/// The second person of a household that a kind strikes as a whole.
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

/// Plans the life of a person, with the gaps of ordinary people or with a kind.
fn live(plan: &mut Plan, kind: Option<Kind>, region: &Region, random: &mut Random) {
    plan.kind = kind;
    plan.begin(&region.world, random);
    match kind {
        None => plan.leave_gaps(&region.chances, &region.world, random),
        Some(kind) if kind.info().scope == Scope::Person => apply(kind, plan, &region.world, random),
        Some(_) => {}
    }
}
