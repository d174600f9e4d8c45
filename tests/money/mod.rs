//! Money of published agreements: the program's commands give the printed figures.

mod appendices;
mod checked;
mod compared;
mod examples;
mod figures;
mod packets;
mod payments;
mod region;
mod year;
