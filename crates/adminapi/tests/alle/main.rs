//! The REST interface over real HTTP, on a store in memory, with a clock turned by hand.

mod beskrivelse;
mod graenser;
mod graphql;
mod igang;
mod noegler;
mod proever;
mod rejse;
mod resten;
mod rettigheder;
mod scene;
mod skaerme;
mod tilsyn;
mod webhooks;
