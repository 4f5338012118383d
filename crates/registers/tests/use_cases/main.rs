//! Use cases on a real store (SQLite in memory), with a clock turned by hand.

mod access;
mod ajour;
mod life;
mod person;
mod scene;
mod search;
mod system;
