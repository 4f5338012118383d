//! The pages, over a store in memory, with a clock turned by hand and a browser that keeps cookies.

mod browser;
mod login;
mod scene;
mod sikkerhed;
