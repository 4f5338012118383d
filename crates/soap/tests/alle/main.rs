//! The doors of the indexes with everything behind them: real tokens, signed calls, a store in memory.

mod indekser;
mod scene;
