//! The Security Token Service: tokens for systems, over WS-Trust and REST.
