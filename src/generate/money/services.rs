//! Attachments to dental, gynaecological and ambulance services: rows of people whom no kind struck as a whole.
//!
//! They follow from the number of the person, without a draw, so the people of a region do not depend on its money.

use crate::generate::format::spread;
use crate::generate::plan::{DENTAL, GYNAECOLOGY, Plan};
use crate::generate::rows::AttachmentRow;
use crate::generate::world::World;
use sverka_model::{AttachmentMethod, ClinicId, Profile, Sex};

use super::Ambulance;

/// Profile of ambulance.
const AMBULANCE: Profile = Profile::new(4);

/// Every fifth regular clinic, from the first on, is a hospital for all ages that serves itself and the clinics up to the next one.
const SERVED_BY_ONE: usize = 5;

/// The place of the hospital that serves a regular clinic.
pub(super) fn station_index(clinic: usize) -> usize {
    clinic / SERVED_BY_ONE * SERVED_BY_ONE
}

/// Adds attachments to services to the plan of a person with a clinic whom no kind struck as a whole.
pub(in crate::generate) fn attach_to_services(plan: &mut Plan, world: &World, ambulance: Ambulance) {
    let (None, Some(clinic), Some(&therapeutic)) = (plan.kind, plan.clinic, plan.attachments.first()) else { return };
    let hospital = ClinicId::new(station_index(usize::from(clinic)) as u16);
    let is_woman = plan.person.sex == Sex::Female && plan.person.adult;
    let services = [(DENTAL, 60, true), (GYNAECOLOGY, 70, is_woman), (AMBULANCE, 97, ambulance == Ambulance::Attached)];
    for (profile, of_100, is_served) in services {
        let chosen = spread(plan.person.number * 8 + u64::from(profile.code())) >> 32;
        let has_one = plan.attachments.iter().any(|row| row.profile == profile);
        if is_served && !has_one && chosen % 100 < of_100 {
            plan.attachments.push(attachment(&therapeutic, profile, hospital, world));
        }
    }
}

fn attachment(therapeutic: &AttachmentRow, profile: Profile, clinic: ClinicId, world: &World) -> AttachmentRow {
    AttachmentRow {
        clinic,
        profile,
        method: AttachmentMethod::BY_APPLICATION,
        district: 0,
        department: 0,
        doctor: world.clinics[usize::from(clinic)].doctors[0],
        ..*therapeutic
    }
}
